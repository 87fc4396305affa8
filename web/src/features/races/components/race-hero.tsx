import type { ReactNode } from "react";
import type { Race } from "@/api/types";
import { Counting } from "@/components/ui/counting";
import { DataAge } from "@/components/ui/data-age";
import { Moment } from "@/components/ui/moment";
import { count, dateTime, money, prize } from "@/lib/format";
import { texts } from "@/texts";
import { PhaseLabel } from "./phase-label";
import { RaceCountdown } from "./race-countdown";

/** The race in one look: what it is, what it pays, how long it goes on, how old the figures are. */
export function RaceHero({ race }: { race: Race }) {
  const { metadata } = race;
  const counting = metadata.phase === "live" || metadata.phase === "scheduled";
  return (
    <header className="rounded-lg bg-brand p-4 text-coal sm:p-6">
      <title>{texts.title(race.name)}</title>
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 text-sm font-medium">
        <p className="flex items-center gap-3">
          <PhaseLabel phase={metadata.phase} />
          {texts.race.types[race.type]}
        </p>
        <TrueFor race={race} />
      </div>
      <h1 className="mt-3 font-display text-4xl leading-none font-bold break-words sm:text-5xl">
        {race.name}
      </h1>
      <p className="mt-2 flex flex-wrap items-center gap-x-2 gap-y-1 text-sm">
        <Moment at={race.startDate} zone={metadata.timezone} />
        <span aria-hidden="true">–</span>
        <span className="sr-only">{texts.race.until}</span>
        <Moment at={race.endDate} zone={metadata.timezone} />
      </p>
      <div className="mt-5 flex flex-wrap items-end justify-between gap-x-10 gap-y-5">
        <div>
          <p className="text-sm font-semibold">{texts.race.pool}</p>
          <p className="font-display text-[clamp(3rem,13vw,5.5rem)] leading-[0.95] font-bold tabular-nums">
            {prize(race.prizePool)}
          </p>
          <Facts race={race} />
        </div>
        {counting && <RaceCountdown race={race} />}
        {metadata.phase === "settling" && <Said>{texts.race.settling}</Said>}
        {metadata.phase === "completed" && <Winner race={race} />}
        {metadata.phase === "cancelled" && <Said>{texts.race.cancelled}</Said>}
      </div>
    </header>
  );
}

/** What the figures are true for: a settled race no longer ages. */
function TrueFor({ race: { metadata } }: { race: Race }) {
  if (metadata.phase === "live" || metadata.phase === "settling") return <DataAge asOf={metadata.asOf} />;
  if (metadata.phase !== "completed" || metadata.asOf === null) return null;
  return <span>{texts.race.finalAt(dateTime(metadata.asOf))}</span>;
}

function Winner({ race: { participants } }: { race: Race }) {
  const winners = participants.filter((row) => row.position === 1);
  if (winners.length === 0) return null;
  return (
    <div className="min-w-0">
      <p className="text-sm font-semibold">{texts.race.wonBy}</p>
      <p className="font-display text-4xl leading-none font-bold break-words sm:text-6xl">
        {winners.map((row, index) => (
          <span key={row.goatedId}>
            {index > 0 && ", "}
            <bdi>{row.username}</bdi>
          </span>
        ))}
      </p>
    </div>
  );
}

function Said({ children }: { children: ReactNode }) {
  return <p className="max-w-xs text-lg leading-snug font-semibold">{children}</p>;
}

/** Who takes part, and for how much. */
function Facts({ race: { metadata } }: { race: Race }) {
  return (
    <ul className="mt-1 flex flex-wrap gap-x-4 text-sm tabular-nums">
      <li>{texts.race.participants(metadata.participantCount, count(metadata.participantCount))}</li>
      <li>
        <Counting value={metadata.totalWagered} format={wagered} />
      </li>
    </ul>
  );
}

const wagered = (amount: number) => texts.race.wagered(money(amount));
