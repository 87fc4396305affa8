export interface RowChanges<Row> {
  changed: Row[];
  removed: string[];
}

/**
 * Return the held rows with the changes made: what is named leaves its place, what changed goes to the
 * place it now has (from 1). Everybody else keeps the order in which he stood.
 */
export function mergeRows<Row>(
  held: readonly Row[],
  changes: RowChanges<Row>,
  keyOf: (row: Row) => string,
  placeOf: (row: Row) => number,
): Row[] {
  const rows = untouched(held, changes, keyOf);
  const risen = [...changes.changed].sort((one, other) => placeOf(one) - placeOf(other));
  for (const row of risen) rows.splice(placeOf(row) - 1, 0, row);
  return rows;
}

/** The held rows that the changes do not name, in order. */
export function untouched<Row>(
  held: readonly Row[],
  { changed, removed }: RowChanges<Row>,
  keyOf: (row: Row) => string,
): Row[] {
  const touched = new Set([...removed, ...changed.map(keyOf)]);
  return held.filter((row) => !touched.has(keyOf(row)));
}
