import { adminTexts } from "@/texts/en/admin";
import { QUIET } from "./buttons";
import type { Change } from "./drafts";

interface ConflictProps<Name extends string> {
  changes: readonly Change<Name>[];
  names: Readonly<Record<Name, string>>;
  /** Types what they have into the form. */
  take: (name: Name, theirs: string) => void;
}

const text = adminTexts.conflict;

/** What somebody else changed while the form was open; whoever sees it may go on. */
export function Conflict<Name extends string>({ changes, names, take }: ConflictProps<Name>) {
  return (
    <div role="alert" className="rounded-md border-l-4 border-warn-ink bg-warn-panel p-3 text-sm">
      <p className="font-semibold text-warn-ink">{text.title}</p>
      <ul className="mt-2 grid gap-2">
        {changes.map(({ name, was, theirs, mine }) => (
          <li key={name} className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <span className="whitespace-pre-line">{text.changed(names[name], was, theirs)}</span>
            {mine !== null && (
              <>
                <span className="font-semibold">{text.mine(mine)}</span>
                <button type="button" className={QUIET} onClick={() => take(name, theirs)}>
                  {text.take}
                </button>
              </>
            )}
          </li>
        ))}
      </ul>
      <p className="mt-2">{text.goOn}</p>
    </div>
  );
}
