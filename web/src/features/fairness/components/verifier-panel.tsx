import { useEffect, useRef } from "react";
import { Panel } from "@/components/ui/panel";
import { QUIET_BUTTON } from "@/components/ui/states";
import { texts } from "@/texts";
import { type Checked, useCheck } from "../use-check";
import { ProofForm } from "./proof-form";
import { Findings, VerdictView } from "./verdict-view";

// Read when it is shown: the language comes after this file.
const said = () => texts.info.fairness;

/** Checks proofs in the browser; a race that the address names is checked at once. */
export function VerifierPanel({ race }: { race: number | undefined }) {
  const { now, again, checkFiles, checkRace, checkTyped } = useCheck();
  useEffect(() => {
    if (race !== undefined) void checkRace(race);
  }, [race, checkRace]);
  return (
    <Panel id="verifier" title={said().verifier.title}>
      {now.state !== "done" && (
        <ProofForm
          busy={now.state === "checking"}
          complaint={now.state === "asking" ? now.complaint : null}
          takeFiles={(files) => void checkFiles(files)}
          takeText={(text) => void checkTyped(text)}
        />
      )}
      {now.state === "done" && <Result checked={now.checked} again={again} />}
    </Panel>
  );
}

function Result({ checked, again }: { checked: Checked; again: () => void }) {
  const top = useRef<HTMLDivElement>(null);
  // What was focused is gone; the result is what comes next.
  useEffect(() => {
    top.current?.focus({ preventScroll: true });
    if (top.current && top.current.getBoundingClientRect().top < 0) top.current.scrollIntoView();
  }, []);
  const together = [...checked.chain.findings, ...checked.chain.notes];
  return (
    <div ref={top} tabIndex={-1} data-testid="verdict" data-holds={checked.holds} className="outline-none">
      {checked.files.map((file) => (
        <VerdictView key={file.name} verdict={file} published={checked.published} />
      ))}
      {checked.files.length > 1 && (
        <div className="border-t border-line px-4 pb-4">
          <Findings title={said().verdict.together} findings={together} />
        </div>
      )}
      <p className="border-t border-line p-4">
        <button type="button" className={QUIET_BUTTON} onClick={again}>
          {said().verifier.again}
        </button>
      </p>
    </div>
  );
}
