import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app/app";
import { liveSocketFor } from "./app/live";
import { keepForOffline } from "./app/offline";
import { createQueryClient } from "./app/query-client";
import { createSiteRouter } from "./app/router";

/** Draw the site. */
export function drawSite(root: HTMLElement): void {
  const cache = createQueryClient();
  createRoot(root).render(
    <StrictMode>
      <App cache={cache} socket={liveSocketFor(cache)} router={createSiteRouter()} />
    </StrictMode>,
  );
  // In development the files change under their names.
  if (import.meta.env.PROD) window.addEventListener("load", () => void keepForOffline());
}
