import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app/app";
import { liveSocketFor } from "./app/live";
import { keepForOffline } from "./app/offline";
import { createQueryClient } from "./app/query-client";
import { createSiteRouter } from "./app/router";
import { ownLanguage, speakIfPossible } from "./texts/choice";
import "./styles/app.css";

const cache = createQueryClient();
const root = document.getElementById("root");
if (!root) throw new Error("The page has no #root.");
await speakIfPossible(ownLanguage());
createRoot(root).render(
  <StrictMode>
    <App cache={cache} socket={liveSocketFor(cache)} router={createSiteRouter()} />
  </StrictMode>,
);

// In development the files change under their names.
if (import.meta.env.PROD) window.addEventListener("load", () => void keepForOffline());
