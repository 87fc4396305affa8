import type { RaceType } from "@/api/types";
import { searchText, wholeNumber } from "@/lib/addresses";

export const RACE_TYPES = ["monthly", "weekly", "daily", "special"] as const satisfies readonly RaceType[];

/** What the address of the list of races says of its archive. */
export interface ArchiveAddress {
  page: number;
  type: RaceType | "all";
  status: "completed" | "cancelled";
  /** A part of a race's name or of a winner's, or "". */
  search: string;
}

export const DEFAULT_ARCHIVE = {
  page: 1,
  type: "all",
  status: "completed",
  search: "",
} as const satisfies ArchiveAddress;

/** Read an address that anybody may have typed. */
export function readArchiveAddress(params: Record<string, unknown>): ArchiveAddress {
  return {
    page: wholeNumber(params.page) ?? 1,
    type: RACE_TYPES.find((type) => type === params.type) ?? "all",
    status: params.status === "cancelled" ? "cancelled" : "completed",
    search: searchText(params.search),
  };
}
