import type { ReactNode } from "react";
import type { Mark } from "@/api/types";

export function Notice({ children }: { children: ReactNode }) {
  return (
    <p className="rounded-md border-l-4 border-warn-ink bg-warn-panel px-3 py-2 text-sm text-warn-ink">
      {children}
    </p>
  );
}

/** What a reader should know about the data, in the server's own sentences. */
export function Marks({ marks }: { marks: Mark[] }) {
  if (marks.length === 0) return null;
  return (
    <div className="grid gap-2">
      {marks.map((mark) => (
        <Notice key={mark.code}>{mark.text}</Notice>
      ))}
    </div>
  );
}
