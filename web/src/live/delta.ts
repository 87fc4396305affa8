/** Rows that are new or not what they were, in the order of the page, and the keys of those that left. */
export interface Delta<Row> {
  changed: Row[];
  removed: string[];
}

/** How to read a row: who it is, its place from 1 (null: none), and itself at another place. */
export interface Shape<Row> {
  key: (row: Row) => string;
  place: (row: Row) => number | null;
  at: (row: Row, place: number) => Row;
}

/**
 * Return the page that a delta leads to, or null if the delta does not belong to this page.
 *
 * What is named leaves its place; what changed goes where its place says, behind changed rows of the
 * same place, and to the end if it has none; the others keep their order and are numbered anew.
 */
export function applyDelta<Row>(held: readonly Row[], delta: Delta<Row>, shape: Shape<Row>): Row[] | null {
  const gone = new Set([...delta.removed, ...delta.changed.map(shape.key)]);
  const kept = held.filter((row) => !gone.has(shape.key(row)));
  const { placed, last } = arrange(delta.changed, shape);
  const total = placed.size + kept.length;
  const fits = [...placed.keys()].every((index) => index >= 0 && index < total);
  if (!fits || placed.size + last.length !== delta.changed.length) return null;
  const rest = kept.values();
  const page = Array.from({ length: total }, (_, index) => {
    const row = placed.get(index);
    return row ?? shape.at(rest.next().value as Row, index + 1);
  });
  return [...page, ...last];
}

/** Changed rows by the index they go to, and those without a place. */
function arrange<Row>(changed: readonly Row[], shape: Shape<Row>) {
  const placed = new Map<number, Row>();
  const last: Row[] = [];
  const ties = new Map<number, number>();
  for (const row of changed) {
    const place = shape.place(row);
    if (place === null) {
      last.push(row);
      continue;
    }
    const before = ties.get(place) ?? 0;
    placed.set(place - 1 + before, row);
    ties.set(place, before + 1);
  }
  return { placed, last };
}
