/** The number of a page as the address has it; 1 for what is none. */
export function pageOf(typed: string | undefined): number {
  const page = Number(typed);
  return Number.isSafeInteger(page) && page >= 1 ? page : 1;
}
