import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Field, Form, textOf } from "@/components/ui/form";
import { ErrorState } from "@/components/ui/states";
import { dateTime, money } from "@/lib/format";
import { type Me, meQuery } from "@/session/me";
import { texts } from "@/texts";
import {
  askForLink,
  askForSignature,
  type LinkRequest,
  linkRequestsQuery,
  unlink,
  withdrawRequest,
} from "../api/settings";
import { Section } from "./section";

/** The player at the casino who is one's own: linked, asked for, or to be asked for. */
export function LinkSection({ me }: { me: Me }) {
  const cache = useQueryClient();
  const words = texts.account.link;
  const { data, error, refetch } = useQuery(linkRequestsQuery);
  const renew = () =>
    Promise.all([
      cache.invalidateQueries({ queryKey: linkRequestsQuery.queryKey }),
      cache.invalidateQueries({ queryKey: meQuery.queryKey }),
    ]);
  const newest = data?.data[0];
  const ask = async (fields: FormData) => {
    await askForLink({
      goatedUsername: textOf(fields, "goatedUsername") || null,
      goatedId: textOf(fields, "goatedId") || null,
      message: textOf(fields, "message") || null,
    });
    await renew();
  };
  return (
    <Section title={words.title}>
      {me.goatedAccountLinked ? (
        <>
          <p className="break-words">{words.linked(me.goatedUsername ?? me.goatedId ?? "")}</p>
          <Form send={() => unlink().then(renew)} submit={words.unlink} danger>
            <p className="text-sm text-muted">{words.unlinkHint}</p>
          </Form>
        </>
      ) : error ? (
        <ErrorState error={error} retry={() => void refetch()} />
      ) : (
        <>
          {newest && <Request request={newest} renew={renew} />}
          {newest?.status !== "pending" && (
            <Form send={ask} submit={words.submit}>
              <Field name="goatedUsername" label={words.goatedUsername} autoComplete="off" />
              <Field name="goatedId" label={words.goatedId} autoComplete="off" />
              <Field name="message" label={words.message} hint={words.messageHint} maxLength={500} />
            </Form>
          )}
        </>
      )}
    </Section>
  );
}

function Request({ request, renew }: { request: LinkRequest; renew: () => Promise<unknown> }) {
  const words = texts.account.link;
  const { signature } = request;
  return (
    <div className="grid justify-items-start gap-3">
      <p className="break-all">
        <strong>{words.request(request.goatedUsername, request.goatedId)}</strong>{" "}
        {words.statuses[request.status]}
      </p>
      {request.reason && <p className="break-words">{request.reason}</p>}
      {signature && (
        <p>
          {words.signature(
            money(signature.firstAmount),
            money(signature.secondAmount),
            dateTime(signature.endsAt),
          )}
        </p>
      )}
      {request.status === "pending" && (
        <div className="flex flex-wrap gap-4">
          {!signature && <Form send={() => askForSignature(request.id).then(renew)} submit={words.prove} />}
          <Form send={() => withdrawRequest(request.id).then(renew)} submit={words.withdraw} danger />
        </div>
      )}
    </div>
  );
}
