import { useCallback, useState } from "react";
import { ApiError } from "@/api/client";
import { texts } from "@/texts";
import { fetchProof } from "./fetch-proof";
import { understand } from "./given";
import { type Check, type ProofFile, runVerifier } from "./verifier";

/** Far above the proof of a million places; a page that holds more may run out of memory. */
export const MOST_BYTES = 300 * 1024 * 1024;

export interface Checked extends Check {
  /** The fingerprint that the site shows with the race; null if the file did not come from there. */
  published: string | null;
}

type State =
  | { state: "asking"; complaint: string | null }
  | { state: "checking" }
  | { state: "done"; checked: Checked };

// Read when it is shown: the language comes after this file.
const said = () => texts.info.fairness.verifier;

/** The verifier's page: what it is asked, and what came out. */
export function useCheck() {
  const [now, setNow] = useState<State>({ state: "asking", complaint: null });
  const complain = useCallback((complaint: string | null) => setNow({ state: "asking", complaint }), []);

  const check = useCallback(
    async (files: ProofFile[], published: string | null = null) => {
      setNow({ state: "checking" });
      try {
        setNow({ state: "done", checked: { ...(await runVerifier(files)), published } });
      } catch {
        complain(said().failed);
      }
    },
    [complain],
  );

  const checkFiles = useCallback(
    async (files: File[]) => {
      if (files.some((file) => file.size > MOST_BYTES)) return complain(said().tooLarge("300 MB"));
      setNow({ state: "checking" });
      const read = files.map(async (file) => ({
        name: file.name,
        bytes: new Uint8Array(await file.arrayBuffer()),
      }));
      await check(await Promise.all(read));
    },
    [check, complain],
  );

  const checkRace = useCallback(
    async (id: number) => {
      setNow({ state: "checking" });
      try {
        const { file, published } = await fetchProof(id);
        await check([file], published);
      } catch (error) {
        const unsettled = error instanceof ApiError && error.status === 409;
        complain(unsettled ? said().notSettled : said().notFetched);
      }
    },
    [check, complain],
  );

  const checkTyped = useCallback(
    async (typed: string) => {
      const given = understand(typed, window.location.origin);
      if (given.kind === "race") return checkRace(given.id);
      if (given.kind === "foreign") return complain(said().foreign);
      if (given.kind === "nothing") return complain(said().notAddress);
      // Pasting may have put an end of line behind it, which is none of the file's.
      await check([{ name: said().pasted, bytes: new TextEncoder().encode(given.text) }]);
    },
    [check, checkRace, complain],
  );

  return { now, again: () => complain(null), checkFiles, checkRace, checkTyped };
}
