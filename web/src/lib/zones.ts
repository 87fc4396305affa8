/** Local times of any IANA zone, by what Intl knows of it. */

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
      hourCycle: "h23",
    });
    formats.set(zone, format);
  }
  return format;
}

/** An instant as the clocks of a zone show it, `2026-11-01T00:00`; null for a zone or an instant that is none. */
export function localOf(instant: string | number, zone: string): string | null {
  const at = new Date(instant);
  if (Number.isNaN(at.getTime())) return null;
  try {
    const part = Object.fromEntries(
      formatOf(zone)
        .formatToParts(at)
        .map(({ type, value }) => [type, value]),
    );
    return `${part.year}-${part.month}-${part.day}T${part.hour}:${part.minute}`;
  } catch {
    return null;
  }
}

/**
 * The instant at which the clocks of a zone show this, as RFC 3339; null for what is no time or no zone.
 * Of an hour that comes twice it is the first; one that is skipped is counted on from before the change.
 */
export function instantOf(local: string, zone: string): string | null {
  const wanted = Date.parse(`${local}Z`);
  if (Number.isNaN(wanted)) return null;
  // The offsets of the day before and the day after: a change of the clocks lies between them, if anywhere.
  const offsets = [-1, 1].map((days) => offsetAt(wanted + days * 86_400_000, zone));
  const [before, after] = offsets;
  if (before === undefined || after === undefined || before === null || after === null) return null;
  const found = [wanted - before, wanted - after].find((instant) => {
    const offset = offsetAt(instant, zone);
    return offset !== null && instant + offset === wanted;
  });
  return new Date(found ?? wanted - before).toISOString().replace(".000Z", "Z");
}

function offsetAt(instant: number, zone: string): number | null {
  const local = localOf(instant, zone);
  // Offsets are whole minutes in all zones of today.
  return local === null ? null : Date.parse(`${local}Z`) - Math.floor(instant / 60_000) * 60_000;
}
