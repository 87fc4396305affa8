import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { api } from "./api/client";
import { FrameApp } from "./app/frames/frame-app";
import { liveSocketFor } from "./app/live";
import { createQueryClient } from "./app/query-client";
import { LiveProvider } from "./live/live-context";

/** Draw what stands at an address under `/overlay/` or `/embed/`. */
export function drawFrame(root: HTMLElement): void {
  // What it shows is the same for everybody, or its token's: never that of whoever is signed in here.
  api.use({ onRequest: ({ request }) => new Request(request, { credentials: "omit" }) });
  const cache = createQueryClient();
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={cache}>
        <LiveProvider socket={liveSocketFor(cache)}>
          <FrameApp address={window.location} />
        </LiveProvider>
      </QueryClientProvider>
    </StrictMode>,
  );
}
