import type { components } from "@/api/schema";
import type { Draft } from "../shared/drafts";
import { linesOf, sharesOf } from "../shared/prize-lines";
import type { TermsName } from "../shared/terms-fields";
import type { Series } from "../shared/types";

export type SeriesCreate = components["schemas"]["SeriesCreate"];
export type SeriesField = TermsName | "name" | "type" | "startHour" | "weekday" | "dayOfMonth";
export type SeriesDraft = Draft<SeriesField>;

export const NEW_SERIES: SeriesDraft = {
  name: "",
  type: "weekly",
  timezone: "UTC",
  startHour: "0",
  weekday: "1",
  dayOfMonth: "1",
  prizePool: "500",
  minWager: "0",
  tiePolicy: "first_to_reach",
  rejectPolicy: "forfeit",
  prizes: "",
};

export function seriesDraftOf(series: Series): SeriesDraft {
  return {
    name: series.name,
    type: series.type,
    timezone: series.timezone,
    startHour: String(series.startHour),
    weekday: String(series.weekday ?? 1),
    dayOfMonth: String(series.dayOfMonth ?? 1),
    prizePool: series.prizePool,
    minWager: series.minWager,
    tiePolicy: series.tiePolicy,
    rejectPolicy: series.rejectPolicy,
    prizes: linesOf(series.prizes),
  };
}

/** The series as the wire takes it; null while the prizes can not be read. */
export function seriesOf(draft: SeriesDraft): SeriesCreate | null {
  const prizes = sharesOf(draft.prizes);
  if (!prizes) return null;
  return {
    name: draft.name.trim(),
    type: draft.type as Series["type"],
    timezone: draft.timezone,
    startHour: Number(draft.startHour),
    prizePool: draft.prizePool.trim(),
    minWager: draft.minWager.trim(),
    tiePolicy: draft.tiePolicy as Series["tiePolicy"],
    rejectPolicy: draft.rejectPolicy as Series["rejectPolicy"],
    // A day says nothing where a series of this type has none.
    ...(draft.type === "weekly" && { weekday: Number(draft.weekday) }),
    ...(draft.type === "monthly" && { dayOfMonth: Number(draft.dayOfMonth) }),
    ...(prizes.length > 0 && { prizes }),
  };
}

/** Of a series only what was touched; null like `seriesOf`. */
export function seriesEditOf(
  draft: SeriesDraft,
  touched: readonly SeriesField[],
): Partial<SeriesCreate> | null {
  const series = seriesOf(draft);
  if (!series) return null;
  const wanted: readonly SeriesField[] = touched.includes("type")
    ? [...touched, "weekday", "dayOfMonth"]
    : touched;
  return Object.fromEntries(
    wanted.filter((name) => name in series).map((name) => [name, series[name as keyof SeriesCreate]]),
  );
}
