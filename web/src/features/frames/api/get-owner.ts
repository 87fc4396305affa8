import { queryOptions } from "@tanstack/react-query";
import { api, read } from "@/api/client";

interface OwnerAddress {
  race: number;
  /** Of the race: with each new one the owner may stand elsewhere, and the token is asked about again. */
  version: number;
  token: string;
}

/** Whose overlay it is, and where he stands. */
export function ownerQuery({ race, version, token }: OwnerAddress) {
  return queryOptions({
    queryKey: ["overlay", race, version],
    queryFn: () =>
      read(
        api.GET("/api/overlay/races/{race_id}", {
          params: { path: { race_id: race } },
          headers: { Authorization: `Bearer ${token}` },
        }),
      ),
  });
}
