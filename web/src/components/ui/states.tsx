import type { ReactNode } from "react";
import { ApiError } from "@/api/client";
import { texts } from "@/texts";

interface EmptyStateProps {
  title: string;
  text?: string;
  children?: ReactNode;
}

/** Says that there is nothing, why, and what to do. */
export function EmptyState({ title, text, children }: EmptyStateProps) {
  return (
    <div className="grid justify-items-center gap-2 px-4 py-12 text-center">
      <p className="font-display text-2xl font-bold">{title}</p>
      {text && <p className="max-w-prose text-muted">{text}</p>}
      {children && <div className="mt-2 flex flex-wrap justify-center gap-3">{children}</div>}
    </div>
  );
}

/** Says that a call failed, in the server's words if it gave some, with the way to try again. */
export function ErrorState({ error, retry }: { error: Error; retry: () => void }) {
  const answered = error instanceof ApiError && error.status > 0;
  return (
    <div role="alert" className="grid justify-items-center gap-2 px-4 py-12 text-center">
      <p className="font-display text-2xl font-bold">{texts.failed.title}</p>
      <p className="max-w-prose text-muted">{answered ? error.message : texts.failed.network}</p>
      {answered && error.requestId && (
        <p className="text-sm text-muted">{texts.failed.reference(error.requestId)}</p>
      )}
      <button type="button" onClick={retry} className={BUTTON}>
        {texts.retry}
      </button>
    </div>
  );
}

/** Grey rows where rows will be. */
export function SkeletonRows({ rows }: { rows: number }) {
  return (
    <div role="status" className="grid gap-2 p-4">
      <span className="sr-only">{texts.loading}</span>
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: all of them are alike
        <div key={row} className="h-9 animate-pulse rounded bg-raised" />
      ))}
    </div>
  );
}

export const BUTTON =
  "mt-2 inline-flex min-h-11 items-center rounded-md bg-brand px-4 font-semibold text-coal hover:brightness-95";
export const QUIET_BUTTON =
  "inline-flex min-h-11 items-center rounded-md border border-line px-4 font-medium hover:bg-raised";
export const DANGER_BUTTON =
  "mt-2 inline-flex min-h-11 items-center rounded-md border-2 border-fall px-4 font-semibold text-fall hover:bg-raised";
export const LINK = "text-accent underline underline-offset-4 hover:no-underline";
