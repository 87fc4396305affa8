import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useEffect, useId, useRef } from "react";
import type { RaceExplanation } from "@/api/types";
import { ErrorState, QUIET_BUTTON, SkeletonRows } from "@/components/ui/states";
import { dateTime, exactMoney, ordinal } from "@/lib/format";
import { texts } from "@/texts";
import { explanationQuery } from "../api/get-position";

export interface Asked {
  /** A player's uid. */
  person: string;
  name: string;
  position: number | null;
}

interface WhyProps {
  race: number;
  asked: Asked | null;
  close: () => void;
}

/** A dialog that says why somebody stands where he does. */
export function Why({ race, asked, close }: WhyProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => {
    if (asked) dialog.current?.showModal();
    else if (dialog.current?.open) dialog.current.close();
  }, [asked]);
  return (
    <dialog
      ref={dialog}
      aria-labelledby={heading}
      onClose={close}
      className="m-auto max-h-[85dvh] w-full max-w-xl overflow-y-auto rounded-lg border border-line bg-panel p-0 text-ink backdrop:bg-black/60"
    >
      {asked && (
        <div className="grid gap-3 p-4 sm:p-6">
          <h2 id={heading} className="font-display text-3xl leading-none font-bold break-words">
            {asked.position === null ? (
              <bdi>{asked.name}</bdi>
            ) : (
              <>
                {texts.race.why.title} <bdi>{asked.name}</bdi> {ordinal(asked.position)}?
              </>
            )}
          </h2>
          <Explained race={race} person={asked.person} />
          <button type="button" onClick={close} className={`${QUIET_BUTTON} w-fit`}>
            {texts.race.why.close}
          </button>
        </div>
      )}
    </dialog>
  );
}

function Explained({ race, person }: { race: number; person: string }) {
  const { data, error, refetch } = useQuery(explanationQuery(race, person));
  if (error) return <ErrorState error={error} retry={() => void refetch()} />;
  if (!data) return <SkeletonRows rows={5} />;
  const said = data.explanation;
  if (!said) return null;
  return (
    <>
      {said.startTotal !== null && said.endTotal !== null && (
        <Sum start={said.startTotal} end={said.endTotal} wagered={data.wagered} said={said} />
      )}
      <ol className="grid list-decimal gap-1.5 pl-5">
        {said.rules.map((rule) => (
          <li key={rule}>{rule}</li>
        ))}
      </ol>
      {said.marks.length > 0 && (
        <ul className="grid gap-1.5 border-l-4 border-warn-ink bg-warn-panel px-3 py-2 text-sm text-warn-ink">
          {said.marks.map((mark) => (
            <li key={mark.text}>{mark.text}</li>
          ))}
        </ul>
      )}
    </>
  );
}

interface SumProps {
  start: string;
  end: string;
  wagered: number;
  said: RaceExplanation;
}

/** The standing as a sum that anybody can do again. */
function Sum({ start, end, wagered, said }: SumProps) {
  const { why } = texts.race;
  return (
    <dl className="grid grid-cols-[1fr_auto] gap-x-4 gap-y-1 rounded-md bg-raised p-3 tabular-nums">
      <Line name={why.end} at={said.endReport?.asOf}>
        {exactMoney(end)}
      </Line>
      <Line name={why.start} at={said.startReport?.asOf}>
        − {exactMoney(start)}
      </Line>
      <Line name={why.standing} strong>
        = {exactMoney(wagered)}
      </Line>
    </dl>
  );
}

interface LineProps {
  name: string;
  at?: string | undefined;
  strong?: boolean;
  children: ReactNode;
}

function Line({ name, at, strong = false, children }: LineProps) {
  return (
    <>
      <dt className={strong ? "font-semibold" : ""}>
        {name}
        {at && <span className="block text-xs text-muted">{dateTime(at)}</span>}
      </dt>
      <dd className={`text-right ${strong ? "font-semibold text-accent" : ""}`}>{children}</dd>
    </>
  );
}
