import { useQuery } from "@tanstack/react-query";
import { PageTitle } from "@/components/layout/page-title";
import { Marks, Notice } from "@/components/ui/notice";
import { Panel } from "@/components/ui/panel";
import { count } from "@/lib/format";
import { adminTexts } from "@/texts/en/admin";
import { useMay } from "../session/use-may";
import { Facts } from "../shared/facts";
import { Loaded } from "../shared/loaded";
import { Time } from "../shared/time";
import type { QuarantinedRun } from "../shared/types";
import { Changes } from "./changes";
import { Decide } from "./decide";
import { quarantinedQuery } from "./get-quarantine";

const text = adminTexts.quarantine;

/** One report that was not believed: why, what it would change, and what becomes of it. */
export function QuarantinedPage({ runId }: { runId: number }) {
  const report = useQuery(quarantinedQuery(runId));
  const may = useMay();
  return (
    <>
      <PageTitle title={text.runOf(String(runId))} />
      <Loaded query={report}>
        {({ run, comparison }) => (
          <div className="grid gap-4">
            <Panel id="why" title={text.why}>
              <div className="grid gap-2 px-4 pb-4">
                {run.reasons.map((reason) => (
                  <Notice key={reason}>{reason}</Notice>
                ))}
                <Marks marks={run.marks} />
              </div>
              <Facts
                facts={[
                  [text.at, <Time key="at" at={run.startTime} />],
                  [text.listed, count(run.listed)],
                  [
                    text.hash,
                    <code key="hash" className="break-all">
                      {run.reportSha256}
                    </code>,
                  ],
                  [text.decision, <Decided key="decided" run={run} />],
                ]}
              />
              {may("sync:write") && <Decide run={run} />}
            </Panel>
            {comparison ? <Changes comparison={comparison} /> : <Notice>{text.letGo}</Notice>}
          </div>
        )}
      </Loaded>
    </>
  );
}

function Decided({ run: { decision, request, isOvertaken } }: { run: QuarantinedRun }) {
  if (decision) {
    return (
      <>
        {text.decidedBy(text.decisions[decision.decision], decision.by, decision.reason)}{" "}
        <Time at={decision.at} />
      </>
    );
  }
  if (request) return <>{text.asked(adminTexts.statuses[request.status], request.error ?? "")}</>;
  return <>{isOvertaken ? text.overtaken : text.waiting}</>;
}
