import { useState } from "react";
import { ApiError } from "@/api/client";
import { type Change, changedFields, type Draft, merged } from "./drafts";

interface Held {
  version: number;
}

interface EditOptions<Thing extends Held, Name extends string> {
  thing: Thing;
  draftOf: (thing: Thing) => Draft<Name>;
  /** Gets the thing as it is now. */
  again: () => Promise<Thing>;
}

/** What a form over something that others may edit too is made of. */
export type Edit<Name extends string> = Omit<ReturnType<typeof useEdit<Held, Name>>, "seen">;

/** A form over something that others may edit too: it holds what was seen, and what they changed since. */
export function useEdit<Thing extends Held, Name extends string>({
  thing,
  draftOf,
  again,
}: EditOptions<Thing, Name>) {
  const [seen, setSeen] = useState(thing);
  const [draft, setDraft] = useState(() => draftOf(thing));
  const [changes, setChanges] = useState<readonly Change<Name>[]>([]);
  return {
    seen,
    draft,
    changes,
    touched: changedFields(draftOf(seen), draft),
    /** For `If-Match`. */
    tag: `"${seen.version}"`,
    type: (name: Name, value: string) => setDraft((held) => ({ ...held, [name]: value })),
    /** After a refusal: if it was for another's edit, learn what he changed. */
    refused: async (error: Error) => {
      if (!(error instanceof ApiError) || (error.status !== 412 && error.status !== 409)) return;
      const now = await again();
      if (now.version === seen.version) return;
      const next = merged(draftOf(seen), draft, draftOf(now));
      setSeen(now);
      setDraft(next.draft);
      setChanges(next.changes);
    },
  };
}
