/** Reading what anybody may have typed into an address. */

export const MIN_SEARCH = 2;
const MAX_SEARCH = 64;

/** A whole number from 1, or undefined. */
export function wholeNumber(value: unknown): number | undefined {
  const number = Number(value);
  return Number.isSafeInteger(number) && number >= 1 && number <= 1e9 ? number : undefined;
}

/** A text that can be searched for, or "". */
export function searchText(value: unknown): string {
  const search = String(value ?? "").slice(0, MAX_SEARCH);
  return search.trim().length >= MIN_SEARCH ? search : "";
}
