import { queryOptions, useQuery } from "@tanstack/react-query";
import { api, read } from "@/api/client";
import type { HelpLine, SiteNotices } from "@/api/types";

const noticesQuery = queryOptions({
  queryKey: ["site"],
  queryFn: () => read(api.GET("/api/site")),
  // An operator changes these once in a year.
  staleTime: Number.POSITIVE_INFINITY,
});

/** What every page tells; undefined until it has come. */
export function useSiteNotices(): SiteNotices | undefined {
  return useQuery(noticesQuery).data;
}

/** The reader's country as his browser's languages tell it, like `DE`; null if they tell none. */
export function ownCountry(languages: readonly string[] = navigator.languages): string | null {
  for (const language of languages) {
    const region = new Intl.Locale(language).region;
    if (region) return region;
  }
  return null;
}

/** The reader's own country first, then what is for everybody, then the rest by the names of countries. */
export function inOrder(lines: readonly HelpLine[], own: string | null, nameOf: (code: string) => string) {
  const rank = ({ country }: HelpLine) => (country === null ? 1 : country === own ? 0 : 2);
  const name = ({ country }: HelpLine) => (country === null ? "" : nameOf(country));
  return lines.toSorted((one, other) => rank(one) - rank(other) || name(one).localeCompare(name(other)));
}
