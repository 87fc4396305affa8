import type { Period, Race } from "@/api/types";
import { PERIODS } from "@/lib/windows";

/** Which race: one of its own, or the one of a type that goes on. */
export type WhichRace = { id: number } | { current: Race["type"] };

export type FrameAddress =
  | { kind: "overlay"; race: WhichRace; top: number; token: string | null }
  | { kind: "race"; race: WhichRace; top: number }
  | { kind: "board"; period: Period; top: number }
  | { kind: "nothing" };

const TYPES = ["daily", "weekly", "monthly", "special"] as const satisfies readonly Race["type"][];
const RACE = /^\/(overlay|embed)\/race\/(current|[1-9]\d{0,14})\/?$/;
const USUAL = 10;
const MOST = 50;

/** What the address of an overlay or a frame asks for. */
export function readFrameAddress({ pathname, search }: { pathname: string; search: string }): FrameAddress {
  const params = new URLSearchParams(search);
  const top = readTop(params.get("top"));
  if (/^\/embed\/leaderboard\/?$/.test(pathname)) {
    const period = PERIODS.find((each) => each === params.get("period")) ?? "all_time";
    return { kind: "board", period, top };
  }
  const [, kind, which] = RACE.exec(pathname) ?? [];
  if (which === undefined) return { kind: "nothing" };
  const type = TYPES.find((each) => each === params.get("type")) ?? "monthly";
  const race = which === "current" ? { current: type } : { id: Number(which) };
  return kind === "overlay" ? { kind, race, top, token: params.get("token") } : { kind: "race", race, top };
}

function readTop(given: string | null): number {
  const top = Number(given ?? USUAL);
  return Number.isInteger(top) && top >= 1 ? Math.min(top, MOST) : USUAL;
}
