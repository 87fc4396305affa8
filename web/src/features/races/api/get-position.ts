import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, read, readIfAny } from "@/api/client";
import { OWN_KEY } from "@/session/me";
import { raceKey } from "./get-race";

/** Where the reader's own player stands at a version of a race, or null if he is in no report. */
export function positionQuery(id: number, person: string, version: number) {
  return queryOptions({
    queryKey: [...OWN_KEY, "position", id, person, version],
    queryFn: () =>
      readIfAny(
        api.GET("/api/wager-races/{race_id}/position/{person}", {
          params: { path: { race_id: id, person } },
        }),
      ),
    placeholderData: keepPreviousData,
  });
}

/** Why somebody stands where he does. */
export function explanationQuery(id: number, person: string) {
  return queryOptions({
    queryKey: [...raceKey(id), "explanation", person],
    queryFn: () =>
      read(
        api.GET("/api/wager-races/{race_id}/position/{person}", {
          params: { path: { race_id: id, person }, query: { explain: true } },
        }),
      ),
    // Asked for anew whenever it is opened: it is true for one version only.
    staleTime: 0,
    gcTime: 0,
  });
}
