import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { PageTitle } from "@/components/layout/page-title";
import { Refusal } from "@/components/ui/form";
import { Notice } from "@/components/ui/notice";
import { QUIET_BUTTON } from "@/components/ui/states";
import { meQuery } from "@/session/me";
import { texts } from "@/texts";
import { verifyEmail } from "../api/signing-in";
import { useMailedToken } from "./mailed-token";

/** Where the link in the mail leads: the address is verified as soon as the page is open. */
export function VerifyEmailPage() {
  const words = texts.account.verify;
  const cache = useQueryClient();
  const token = useMailedToken();
  const { mutate, error, isSuccess } = useMutation({
    mutationFn: verifyEmail,
    onSuccess: async () => {
      // An answer that was asked for before the address was verified must not come after it.
      await cache.cancelQueries({ queryKey: meQuery.queryKey });
      await cache.invalidateQueries({ queryKey: meQuery.queryKey });
    },
  });
  const sent = useRef(false);
  useEffect(() => {
    // A token counts once.
    if (token === null || sent.current) return;
    sent.current = true;
    mutate(token);
  }, [token, mutate]);
  return (
    <>
      <PageTitle title={words.title} />
      {token === null && <Notice>{words.noToken}</Notice>}
      {error && <Refusal error={error} />}
      <p role="status" className="mb-4">
        {isSuccess ? words.done : token !== null && !error && words.checking}
      </p>
      {isSuccess && (
        <Link to="/settings" className={QUIET_BUTTON}>
          {words.next}
        </Link>
      )}
    </>
  );
}
