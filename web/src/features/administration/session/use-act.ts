import { type QueryKey, useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { ApiError, done as settled } from "@/api/client";
import { useToast } from "@/components/ui/toast";
import { meQuery } from "@/session/me";
import { useProve } from "./proof";

type ActHeaders = Record<"Idempotency-Key", string>;

interface ActOptions<Input, Data> {
  call: (input: Input, headers: ActHeaders) => Promise<{ data?: Data; error?: unknown; response: Response }>;
  /** The keys of what it changes. */
  touches?: readonly QueryKey[];
  /** What is said when it is done. */
  said?: string | ((data: Data) => string);
  done?: (data: Data, input: Input) => void;
}

/**
 * A write: it carries a key of its intent, which it keeps until the server has done it; if the server asks who is there, the password is asked for and the same is sent again.
 */
export function useAct<Input = void, Data = unknown>({
  call,
  touches = [],
  said,
  done,
}: ActOptions<Input, Data>) {
  const cache = useQueryClient();
  const prove = useProve();
  const say = useToast();
  const intent = useRef<{ of: string; key: string }>(undefined);
  return useMutation<Data, Error, Input>({
    mutationFn: async (input) => {
      const of = JSON.stringify(input) ?? "";
      if (intent.current?.of !== of) intent.current = { of, key: crypto.randomUUID() };
      const { key } = intent.current;
      const send = async () => {
        const answer = call(input, { "Idempotency-Key": key });
        await settled(answer);
        return (await answer).data as Data;
      };
      try {
        return await send();
      } catch (error) {
        if (!(await mayGoOn(error))) throw error;
        return send();
      }
    },
    onSuccess: async (data, input) => {
      intent.current = undefined;
      if (said) say(typeof said === "string" ? said : said(data));
      done?.(data, input);
      await Promise.all(touches.map((queryKey) => cache.invalidateQueries({ queryKey })));
    },
  });

  async function mayGoOn(error: unknown): Promise<boolean> {
    if (!(error instanceof ApiError)) return false;
    // Another tab signed in again: the token that this page holds is of a session that is gone.
    if (error.code === "csrf_token_needed") {
      await cache.fetchQuery({ ...meQuery, staleTime: 0 });
      return true;
    }
    return error.code === "proof_needed" || error.status === 401 ? prove() : false;
  }
}
