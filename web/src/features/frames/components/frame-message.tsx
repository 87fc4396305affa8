import type { ReactNode } from "react";

/** Why there is nothing to show. */
export function FrameMessage({ children }: { children: ReactNode }) {
  return (
    <main className="m-4 rounded-lg border border-line bg-panel p-4 text-base text-ink">
      <p role="status">{children}</p>
    </main>
  );
}
