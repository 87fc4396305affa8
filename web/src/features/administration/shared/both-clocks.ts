import { localOf } from "@/lib/zones";
import { adminTexts } from "@/texts/en/admin";

/** An instant by the clocks of a zone and by UTC. */
export function bothClocks(instant: string, zone: string): string {
  const shown = (where: string) => (localOf(instant, where) ?? instant).replace("T", " ");
  return zone === "UTC" ? `${shown("UTC")} UTC` : adminTexts.races.instant(shown(zone), shown("UTC"));
}
