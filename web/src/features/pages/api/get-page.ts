import { queryOptions } from "@tanstack/react-query";
import { api, read } from "@/api/client";
import { language } from "@/texts";

export const PAGE_NAMES = ["how-it-works", "rules", "help", "terms", "privacy"] as const;
export type PageName = (typeof PAGE_NAMES)[number];

/** A page that the operator writes, in the reader's language if it is there in it. */
export function pageQuery(name: PageName) {
  return queryOptions({
    queryKey: ["page", name, language],
    queryFn: () =>
      read(api.GET("/api/pages/{name}", { params: { path: { name }, query: { lang: language } } })),
  });
}
