/** The sum of amounts in dollars, added as cents: no float is ever a sum of money. */
export function sumOf(awards: readonly { amount: string }[]): string {
  const cents = awards.reduce((sum, { amount }) => {
    const [dollars = "0", rest = ""] = amount.split(".");
    return sum + BigInt(dollars) * 100n + BigInt(rest.padEnd(2, "0").slice(0, 2));
  }, 0n);
  return `${cents / 100n}.${String(cents % 100n).padStart(2, "0")}`;
}
