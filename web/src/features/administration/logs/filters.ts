import { instantOf } from "@/lib/zones";

type Typed = Partial<Record<string, string>>;

/** Filters as a log's query takes them: a day of the reader's own becomes an instant, a number a number. */
export function logQuery(typed: Typed, numbers: readonly string[] = []): Record<string, string | number> {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return Object.fromEntries(
    Object.entries(typed).flatMap(([name, value]): [string, string | number][] => {
      if (value === undefined || value === "") return [];
      if (name === "from" || name === "to") {
        const instant = instantOf(value, zone);
        return instant === null ? [] : [[name, instant]];
      }
      if (!numbers.includes(name)) return [[name, value]];
      return Number.isSafeInteger(Number(value)) ? [[name, Number(value)]] : [];
    }),
  );
}

/** The address of the same rows as a sheet. */
export function csvOf(path: string, query: Record<string, string | number>): string {
  const wanted = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]));
  return `${path}.csv?${wanted}`;
}
