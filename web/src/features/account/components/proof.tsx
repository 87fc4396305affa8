import { type ReactNode, useState } from "react";
import { ApiError } from "@/api/client";
import { ProofForm } from "@/components/layout/proof-form";
import { Refusal } from "@/components/ui/form";

/** Return a way to do something, and what to show of it: why it was refused, or the question for a proof. */
export function useProven(): [(act: () => Promise<unknown>) => Promise<void>, ReactNode] {
  const [refused, setRefused] = useState<{ act: () => Promise<unknown>; error: Error } | null>(null);
  const attempt = async (act: () => Promise<unknown>) => {
    setRefused(null);
    try {
      await act();
    } catch (error) {
      setRefused({ act, error: error instanceof Error ? error : new Error(String(error)) });
    }
  };
  if (refused === null) return [attempt, null];
  const again = async () => {
    await refused.act();
    setRefused(null);
  };
  const wantsProof = refused.error instanceof ApiError && refused.error.code === "proof_needed";
  const shown = wantsProof ? <ProofForm proved={again} /> : <Refusal error={refused.error} />;
  return [attempt, shown];
}
