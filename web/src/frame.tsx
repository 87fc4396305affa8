import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { api } from "./api/client";
import { FrameApp } from "./app/frames/frame-app";
import { liveSocketFor } from "./app/live";
import { createQueryClient } from "./app/query-client";
import { LiveProvider } from "./live/live-context";
import { isLanguage, ownLanguage, speakIfPossible } from "./texts/choice";
import "./styles/app.css";
import "./styles/frame.css";

// What a frame shows is the same for everybody, or its token's: never that of whoever is signed in here.
api.use({ onRequest: ({ request }) => new Request(request, { credentials: "omit" }) });

const cache = createQueryClient();
const root = document.getElementById("root");
if (!root) throw new Error("The page has no #root.");
const asked = new URLSearchParams(window.location.search).get("lang");
await speakIfPossible(isLanguage(asked) ? asked : ownLanguage());
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={cache}>
      <LiveProvider socket={liveSocketFor(cache)}>
        <FrameApp address={window.location} />
      </LiveProvider>
    </QueryClientProvider>
  </StrictMode>,
);
