import type { PrizeShare } from "./types";

const LINE =
  /^(\d{1,5})(?:\s*[-–]\s*(\d{1,5}))?\s*[:=]\s*(?:(\d{1,3}(?:\.\d{1,6})?)\s*%|\$?(\d{1,12}(?:\.\d{1,2})?))$/;

/** Read a prize table, one line a place or a range: `1: 42.5%`, `4-10: $25`; null if a line is neither. */
export function sharesOf(typed: string): PrizeShare[] | null {
  const shares: PrizeShare[] = [];
  for (const line of typed.split("\n").map((each) => each.trim())) {
    if (line === "") continue;
    const found = LINE.exec(line);
    if (!found) return null;
    const [, first, last, percent, amount] = found;
    const places = last === undefined ? { place: Number(first) } : { from: Number(first), to: Number(last) };
    shares.push({ ...places, ...(percent === undefined ? { amount: amount ?? "" } : { percent }) });
  }
  return shares;
}

/** Write a prize table as `sharesOf` reads it. */
export function linesOf(shares: readonly PrizeShare[]): string {
  return shares
    .map(({ place, from, to, percent, amount }) => {
      const places = typeof place === "number" ? `${place}` : `${from}-${to}`;
      return `${places}: ${percent ? `${percent}%` : amount}`;
    })
    .join("\n");
}
