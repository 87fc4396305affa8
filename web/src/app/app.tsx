import { type QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { LiveProvider } from "@/live/live-context";
import type { LiveSocket } from "@/live/socket";
import type { createSiteRouter } from "./router";

interface AppProps {
  cache: QueryClient;
  socket: LiveSocket;
  router: ReturnType<typeof createSiteRouter>;
}

export function App({ cache, socket, router }: AppProps) {
  return (
    <QueryClientProvider client={cache}>
      <LiveProvider socket={socket}>
        <RouterProvider router={router} />
      </LiveProvider>
    </QueryClientProvider>
  );
}
