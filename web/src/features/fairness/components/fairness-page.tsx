import { PageTitle } from "@/components/layout/page-title";
import { Panel } from "@/components/ui/panel";
import { LINK } from "@/components/ui/states";
import { texts } from "@/texts";
import { VERIFIER } from "../verifier";
import { VerifierPanel } from "./verifier-panel";

// Read when it is shown: the language comes after this file.
const said = () => texts.info.fairness;

export function FairnessPage({ race }: { race: number | undefined }) {
  const { title, ...held } = said().how;
  return (
    <>
      <PageTitle title={said().title} />
      <p className="mb-6 max-w-prose text-lg">{said().intro}</p>
      <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <VerifierPanel race={race} />
        <div className="grid gap-4">
          <Panel id="held" title={title}>
            <ul className="grid list-disc gap-2 pr-4 pb-4 pl-9">
              {Object.values(held).map((text) => (
                <li key={text}>{text}</li>
              ))}
            </ul>
            <p className="border-t border-line p-4 text-sm text-muted">{said().limits}</p>
          </Panel>
          <Panel id="yourself" title={said().yourself.title}>
            <div className="grid gap-3 px-4 pb-4">
              <p>{said().yourself.text}</p>
              <p>
                <a href={VERIFIER} download className={`${LINK} inline-block py-1.5`}>
                  {VERIFIER.slice(1)}
                </a>
              </p>
              <pre className="overflow-x-auto rounded bg-raised p-3 text-sm">
                <code>node {VERIFIER.slice(1)} race-7.json</code>
              </pre>
            </div>
          </Panel>
        </div>
      </div>
    </>
  );
}
