import type { Period } from "@/api/types";

/** The windows, shortest first, as the tabs show them. */
export const PERIODS = ["today", "this_week", "this_month", "all_time"] as const satisfies readonly Period[];

export const HISTORY_WINDOWS = ["24h", "7d", "30d", "1y"] as const;
export type HistoryWindow = (typeof HISTORY_WINDOWS)[number];
