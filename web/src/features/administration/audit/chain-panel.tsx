import { queryOptions, useQuery } from "@tanstack/react-query";
import { api, read } from "@/api/client";
import { Panel } from "@/components/ui/panel";
import { count } from "@/lib/format";
import { adminTexts } from "@/texts/en/admin";
import { useAct } from "../session/use-act";
import { ACT } from "../shared/buttons";
import { Facts } from "../shared/facts";
import { FormFailure } from "../shared/form-failure";
import { KEYS } from "../shared/keys";
import { Loaded } from "../shared/loaded";
import { Time } from "../shared/time";
import type { AuditVerdict } from "../shared/types";

const text = adminTexts.audit;

const chainQuery = queryOptions({
  queryKey: [...KEYS.audit, "chain"],
  queryFn: async () =>
    (await read(api.GET("/api/admin/audit-log", { params: { query: { limit: 1 } } }))).chain,
});

/** How long the chain is, who verified it last, and the way to do so now. */
export function ChainPanel() {
  const chain = useQuery(chainQuery);
  const verify = useAct({
    call: (_: undefined, headers) => api.POST("/api/admin/audit-log/verify", { headers }),
    touches: [KEYS.audit],
  });
  return (
    <Panel id="chain" title={text.chain}>
      <Loaded query={chain} rows={2}>
        {({ entries, head, verified }) => (
          <Facts
            facts={[
              [text.entries, count(entries)],
              [
                text.head,
                <code key="head" className="break-all">
                  {head}
                </code>,
              ],
              [
                text.verified,
                verified && (
                  <span key="verified">
                    {text.verifiedBy(verified.actor, count(verified.entries), verified.findings)}{" "}
                    <Time at={verified.at} />
                  </span>
                ),
              ],
            ]}
          />
        )}
      </Loaded>
      <div className="grid justify-items-start gap-3 px-4 pb-4">
        {verify.data && <Verdict verdict={verify.data} />}
        <FormFailure error={verify.error} />
        <button type="button" className={ACT} disabled={verify.isPending} onClick={() => verify.mutate()}>
          {verify.isPending ? text.verifying : text.verify}
        </button>
      </div>
    </Panel>
  );
}

function Verdict({ verdict: { holds, entries, findings, findingCount } }: { verdict: AuditVerdict }) {
  return (
    <div role="status" className={`font-semibold ${holds ? "text-rise" : "text-fall"}`}>
      <p>{holds ? text.holds(count(entries)) : text.broken(count(findingCount))}</p>
      <ul className="list-disc pl-5 font-normal">
        {findings.map((finding) => (
          <li key={finding}>{finding}</li>
        ))}
      </ul>
    </div>
  );
}
