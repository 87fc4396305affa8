import { Link } from "@tanstack/react-router";
import { LINK } from "@/components/ui/states";
import { count, prize } from "@/lib/format";
import { texts } from "@/texts";
import type { Finding, Verdict, Winner } from "../verifier";

// Read when it is shown: the language comes after this file.
const said = () => texts.info.fairness.verdict;

/** What was checked in one file, step by step, and what the file says. */
export function VerdictView({ verdict, published }: { verdict: Verdict; published: string | null }) {
  const { about, holds, notes, sha256 } = verdict;
  const [title, text] = holds ? [said().holds, said().holdsText] : [said().fails, said().failsText];
  return (
    <section aria-label={verdict.name} className="border-t border-line p-4">
      <p className="text-sm break-all text-muted">{verdict.name}</p>
      <p className={`font-display text-4xl font-bold ${holds ? "text-rise" : "text-fall"}`}>{title}</p>
      <p className="text-muted">{text}</p>
      {about && <About about={about} />}
      <ol className="mt-4 grid gap-2">
        {verdict.steps.map((step) => (
          <StepRow key={step.step} {...step} />
        ))}
      </ol>
      {about && sha256 && <Fingerprints sha256={sha256} previous={about.previous} published={published} />}
      {about && about.winners.length > 0 && <Winners winners={about.winners} />}
      <Findings title={said().notes} findings={notes} />
    </section>
  );
}

function About({ about }: { about: NonNullable<Verdict["about"]> }) {
  return (
    <p className="mt-3">
      <Link to="/races/$id" params={{ id: String(about.raceId) }} className={`${LINK} font-semibold`}>
        {about.name}
      </Link>
      <span className="text-muted">
        {" · "}
        {said().version(count(about.version))}
        {" · "}
        {said().counts(count(about.participants), count(about.ranked))}
      </span>
    </p>
  );
}

const MARKS = {
  held: { sign: "✓", colour: "text-rise", word: "held" },
  broke: { sign: "✗", colour: "text-fall", word: "broke" },
  undone: { sign: "–", colour: "text-muted", word: "undone" },
} as const;

function StepRow({ step, held, findings }: Verdict["steps"][number]) {
  const mark = MARKS[held === null ? "undone" : held ? "held" : "broke"];
  const { title, text } = texts.info.fairness.steps[step];
  return (
    <li data-step={step} data-held={String(held)} className="flex gap-3">
      <span
        aria-hidden="true"
        className={`w-5 shrink-0 text-center text-xl leading-6 font-bold ${mark.colour}`}
      >
        {mark.sign}
      </span>
      <div className="min-w-0">
        <p className="font-semibold">
          {title}
          <span className="sr-only">: {said()[mark.word]}</span>
        </p>
        <p className="text-sm text-muted">{text}</p>
        {findings.length > 0 && (
          // The verifier speaks English: it is one file for everybody.
          <ul lang="en" className="mt-1 grid list-disc gap-1 pl-5 text-sm break-words text-fall">
            {findings.map((finding) => (
              <li key={finding.text}>{finding.text}</li>
            ))}
          </ul>
        )}
      </div>
    </li>
  );
}

function Fingerprints(props: { sha256: string; previous: string | null; published: string | null }) {
  const { sha256, previous, published } = props;
  return (
    <dl className="mt-4 grid gap-2 text-sm">
      <div>
        <dt className="text-muted">{said().fingerprint}</dt>
        <dd>
          <code className="break-all">{sha256}</code>
        </dd>
        {published !== null && (
          <dd className={published === sha256 ? "text-rise" : "text-fall"}>
            {published === sha256 ? said().published : said().publishedWrong}
          </dd>
        )}
      </div>
      <div>
        <dt className="text-muted">{previous === null ? said().first : said().previous}</dt>
        {previous !== null && (
          <dd>
            <code className="break-all">{previous}</code>
          </dd>
        )}
      </div>
    </dl>
  );
}

function Winners({ winners }: { winners: Winner[] }) {
  return (
    <div className="mt-4">
      <h3 className="text-sm font-medium text-muted">{said().winners}</h3>
      <ol className="mt-1 grid max-w-md gap-1 tabular-nums">
        {winners.map((winner) => (
          <li key={`${winner.place} ${winner.name} ${winner.prize}`} className="flex gap-3">
            <span className="w-8 text-right font-display text-lg leading-6 font-bold">
              {count(winner.place)}
            </span>
            <span className="min-w-0 flex-1 truncate">
              <bdi>{winner.name ?? said().erased}</bdi>
            </span>
            <span className="font-semibold text-accent">{prize(winner.prize)}</span>
          </li>
        ))}
      </ol>
    </div>
  );
}

export function Findings({ title, findings }: { title: string; findings: Finding[] }) {
  if (findings.length === 0) return null;
  return (
    <div className="mt-4">
      <h3 className="text-sm font-medium text-muted">{title}</h3>
      <ul lang="en" className="mt-1 grid list-disc gap-1 pl-5 text-sm break-words">
        {findings.map((finding) => (
          <li key={finding.text}>{finding.text}</li>
        ))}
      </ul>
    </div>
  );
}
