import { useNavigate, useSearch } from "@tanstack/react-router";

type Filters<Name extends string> = Partial<Record<Name, string>>;

/** What a list is narrowed to, kept in the address so that it can be sent to a colleague. */
export function useFilters<Name extends string>(
  ...names: readonly Name[]
): [Filters<Name>, (change: Filters<Name>) => void] {
  const search: Record<string, unknown> = useSearch({ strict: false });
  const navigate = useNavigate();
  const held: Filters<Name> = {};
  for (const name of names) {
    const value = search[name];
    if (value !== undefined && value !== "") held[name] = String(value);
  }
  const set = (change: Filters<Name>) => {
    const next = Object.entries({ ...held, ...change }).filter(([, value]) => value !== "");
    void navigate({ to: ".", search: Object.fromEntries(next), replace: true, resetScroll: false });
  };
  return [held, set];
}
