import { useEffect, useState } from "react";

export interface RowChange {
  /** Places won (above 0) or lost; 0 when only the amount moved, or for a newcomer. */
  climbed: number;
  /** Tells two changes in a row apart. */
  version: number;
}

interface Reading<Row> {
  /** The name of the list; another list has other rows, not changed ones. */
  list: string;
  version: number;
  rows: readonly Row[];
}

interface RowReader<Row> {
  key: (row: Row) => string;
  place: (row: Row) => number | null;
  amount: (row: Row) => number;
}

const SHOWN_FOR = 8_000;
const NONE: ReadonlyMap<string, RowChange> = new Map();

/**
 * What the newest version changed, by row, for as long as it is news.
 * `reader` must be a constant, and `rows` the same array until they are others.
 */
export function useRowChanges<Row>(
  reading: Reading<Row>,
  reader: RowReader<Row>,
): ReadonlyMap<string, RowChange> {
  const [held, setHeld] = useState(reading);
  const [changes, setChanges] = useState(NONE);
  if (held.list !== reading.list || held.version !== reading.version) {
    setHeld(reading);
    setChanges(held.list === reading.list ? compare(held, reading, reader) : NONE);
  } else if (held.rows !== reading.rows) {
    // More of the same version has come; it is not news.
    setHeld(reading);
  }
  useEffect(() => {
    if (changes.size === 0) return;
    const timer = setTimeout(() => setChanges(NONE), SHOWN_FOR);
    return () => clearTimeout(timer);
  }, [changes]);
  return changes;
}

export function compare<Row>(
  held: Reading<Row>,
  next: Reading<Row>,
  { key, place, amount }: RowReader<Row>,
): ReadonlyMap<string, RowChange> {
  const before = new Map(held.rows.map((row) => [key(row), row]));
  const changes = new Map<string, RowChange>();
  for (const row of next.rows) {
    const old = before.get(key(row));
    const [was, is] = [old ? place(old) : null, place(row)];
    const climbed = was !== null && is !== null ? was - is : 0;
    if (!old || climbed !== 0 || amount(old) !== amount(row)) {
      changes.set(key(row), { climbed, version: next.version });
    }
  }
  // A list that was empty did not change row by row.
  return held.rows.length === 0 ? NONE : changes;
}
