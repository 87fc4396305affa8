import { ApiError, api, read } from "@/api/client";
import type { ProofFile } from "./verifier";

/** Fetch a race's proof byte for byte, and the fingerprint that the site shows with the race. */
export async function fetchProof(id: number): Promise<{ file: ProofFile; published: string | null }> {
  const [answer, race] = await Promise.all([
    fetch(`/api/wager-races/${id}/proof`),
    read(api.GET("/api/wager-races/{race_id}", { params: { path: { race_id: id } } })),
  ]);
  if (!answer.ok) throw new ApiError(answer.status, { title: answer.statusText });
  const bytes = new Uint8Array(await answer.arrayBuffer());
  return { file: { name: `race-${id}.json`, bytes }, published: race.metadata.result?.proofSha256 ?? null };
}
