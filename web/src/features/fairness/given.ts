/** What somebody typed or pasted: a proof itself, or where one is. */
export type Given =
  | { kind: "proof"; text: string }
  | { kind: "race"; id: number }
  | { kind: "foreign" }
  | { kind: "nothing" };

const RACE = /^\/(?:api\/wager-)?races\/([1-9]\d{0,15})(?:\/proof)?\/?$/;

/** Understand it, on the site at `origin`. A bare number is a race's. */
export function understand(typed: string, origin: string): Given {
  const text = typed.trim();
  if (text.startsWith("{")) return { kind: "proof", text };
  if (/^[1-9]\d{0,15}$/.test(text)) return { kind: "race", id: Number(text) };
  if (!/^(https?:\/\/|\/)/.test(text) || !URL.canParse(text, origin)) return { kind: "nothing" };
  const address = new URL(text, origin);
  const race = RACE.exec(address.pathname)?.[1];
  if (race === undefined) return { kind: "nothing" };
  return address.origin === origin ? { kind: "race", id: Number(race) } : { kind: "foreign" };
}
