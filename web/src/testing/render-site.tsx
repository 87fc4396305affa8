import { createMemoryHistory } from "@tanstack/react-router";
import { render } from "@testing-library/react";
import { App } from "@/app/app";
import { liveSocketFor } from "@/app/live";
import { createQueryClient } from "@/app/query-client";
import { createSiteRouter } from "@/app/router";

/** Open the site at an address, with its real router, cache and socket client. */
export function renderSite(address: string) {
  const cache = createQueryClient();
  cache.setDefaultOptions({ queries: { ...cache.getDefaultOptions().queries, retry: false } });
  const router = createSiteRouter();
  router.update({ history: createMemoryHistory({ initialEntries: [address] }) });
  return { cache, router, ...render(<App cache={cache} socket={liveSocketFor(cache)} router={router} />) };
}
