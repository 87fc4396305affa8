import type { texts } from "@/texts";

/** Where the verifier is served, as it is: `public/verify-proof.mjs`. */
export const VERIFIER = "/verify-proof.mjs";

export type Step = keyof typeof texts.info.fairness.steps;

export interface Finding {
  code: string;
  text: string;
}

export interface Winner {
  place: number;
  prize: string;
  /** Null for somebody who was erased. */
  name: string | null;
}

/** What the verifier says of one file. */
export interface Verdict {
  name: string;
  holds: boolean;
  steps: { step: Step; held: boolean | null; findings: Finding[] }[];
  findings: Finding[];
  notes: Finding[];
  sha256: string | null;
  about: {
    raceId: number;
    name: string;
    version: number;
    previous: string | null;
    participants: number;
    ranked: number;
    winners: Winner[];
  } | null;
}

export interface Check {
  holds: boolean;
  files: Verdict[];
  chain: { findings: Finding[]; notes: Finding[] };
}

export interface ProofFile {
  name: string;
  bytes: Uint8Array;
}

/** Let the verifier check files, beside the page: a large one takes seconds. Rejects if it breaks. */
export function runVerifier(files: ProofFile[]): Promise<Check> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(VERIFIER, { type: "module" });
    worker.onmessage = ({ data }: MessageEvent<Check>) => {
      worker.terminate();
      resolve(data);
    };
    worker.onerror = (event) => {
      worker.terminate();
      reject(new Error(event.message));
    };
    worker.postMessage(files);
  });
}
