import { count, money } from "@/lib/format";
import { texts } from "@/texts";
import { adminTexts } from "@/texts/en/admin";
import type { PlacePays } from "./types";

const SHOWN = 20;

/** What each place is paid, exactly. */
export function SplitList({ prizes }: { prizes: readonly PlacePays[] }) {
  return (
    <div className="px-4 pb-4 text-sm">
      <h3 className="mb-1 font-semibold">{adminTexts.races.split}</h3>
      <ol className="grid gap-x-6 sm:grid-cols-2">
        {prizes.slice(0, SHOWN).map(({ place, amount }) => (
          <li key={place} className="flex justify-between border-b border-line py-1 tabular-nums">
            <span>{texts.race.placeOf(count(place))}</span>
            <span className="font-semibold">{money(amount)}</span>
          </li>
        ))}
      </ol>
      {prizes.length > SHOWN && (
        <p className="mt-1 text-muted">{adminTexts.races.morePlaces(count(prizes.length - SHOWN))}</p>
      )}
    </div>
  );
}
