import type { ReactNode } from "react";
import { DataAge } from "@/components/ui/data-age";
import { texts } from "@/texts";
import { type FrameRow, FrameRows } from "./frame-rows";

interface FrameViewProps {
  title: string;
  /** At the title's right. */
  side?: string;
  /** Below the title. */
  below: ReactNode;
  rows: FrameRow[];
  list: string;
  version: number;
  asOf: string | null;
  /** Where the whole of it is, on the site. */
  address: string;
}

/** A race or a board as another site frames it. */
export function FrameView({ title, side, below, rows, list, version, asOf, address }: FrameViewProps) {
  return (
    <main className="flex min-h-dvh flex-col bg-panel">
      <header className="bg-brand px-4 py-3 text-coal">
        <div className="flex items-baseline justify-between gap-4">
          <h1 className="min-w-0 font-display text-2xl leading-tight font-bold break-words">{title}</h1>
          {side && <p className="font-display text-3xl leading-none font-bold tabular-nums">{side}</p>}
        </div>
        <div className="mt-1 text-sm font-medium">{below}</div>
      </header>
      <div className="flex-1">
        {rows.length > 0 ? (
          <FrameRows rows={rows} list={list} version={version} label={title} />
        ) : (
          <p className="p-4 text-muted">{texts.info.frames.nobody}</p>
        )}
      </div>
      <footer className="flex items-center justify-between gap-4 border-t border-line px-4 text-sm text-muted">
        <DataAge asOf={asOf} />
        {/* Never inside the frame: a click there could be meant for something else. */}
        <a href={address} target="_blank" rel="noopener" className="py-3 font-semibold text-accent underline">
          {texts.info.frames.openOn(texts.site)}
        </a>
      </footer>
    </main>
  );
}
