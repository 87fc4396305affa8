/** What somebody types into a form, as he typed it. */
export type Draft<Name extends string> = Record<Name, string>;

/** One field that somebody else changed while the form was open. */
export interface Change<Name extends string> {
  name: Name;
  was: string;
  theirs: string;
  /** What was typed here, if it was changed here too and differs. */
  mine: string | null;
}

/** The fields of a draft that differ from what it began with. */
export function changedFields<Name extends string>(base: Draft<Name>, mine: Draft<Name>): Name[] {
  return (Object.keys(base) as Name[]).filter((name) => base[name] !== mine[name]);
}

/**
 * Bring a draft up to date with what others changed since it was begun: what was not touched here
 * becomes theirs, what was stays as it is typed. Says what they changed.
 */
export function merged<Name extends string>(
  base: Draft<Name>,
  mine: Draft<Name>,
  theirs: Draft<Name>,
): { draft: Draft<Name>; changes: Change<Name>[] } {
  const draft = { ...mine };
  const changes: Change<Name>[] = [];
  for (const name of changedFields(base, theirs)) {
    const isMine = base[name] !== mine[name];
    if (!isMine) draft[name] = theirs[name];
    changes.push({
      name,
      was: base[name],
      theirs: theirs[name],
      mine: isMine && mine[name] !== theirs[name] ? mine[name] : null,
    });
  }
  return { draft, changes };
}
