/** How a language writes numbers, money and dates. */

const USD = { style: "currency", currency: "USD" } as const;
const MOMENT = {
  day: "numeric",
  month: "short",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
  timeZoneName: "short",
} as const;

function formatsOf(locale: string) {
  const number = (options?: Intl.NumberFormatOptions) => new Intl.NumberFormat(locale, options);
  const instant = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, options);
  return {
    exact: number(USD),
    toTheDigit: number({ ...USD, minimumFractionDigits: 2, maximumFractionDigits: 8 }),
    whole: number({ ...USD, maximumFractionDigits: 0 }),
    short: number({ ...USD, notation: "compact", maximumFractionDigits: 1 }),
    integer: number(),
    parts: number({ style: "percent", maximumFractionDigits: 1 }),
    atLeast: number({ style: "percent", maximumSignificantDigits: 1 }),
    inDays: number({ style: "unit", unit: "day", unitDisplay: "long" }),
    inHours: number({ style: "unit", unit: "hour", unitDisplay: "long" }),
    countries: new Intl.DisplayNames(locale, { type: "region" }),
    ordinals: new Intl.PluralRules(locale, { type: "ordinal" }),
    day: instant({ day: "numeric", month: "short", year: "numeric" }),
    dayOfMonth: instant({ day: "numeric", month: "short" }),
    moment: instant(MOMENT),
    leaf: {
      month: instant({ month: "short" }),
      day: instant({ day: "numeric" }),
      weekday: instant({ weekday: "short" }),
      time: instant({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" }),
    },
  };
}

let locale = "en-US";

/** The formats of the language in use. */
export let formats = formatsOf(locale);

/** Write everything from now on as this locale has it. */
export function setLocale(next: string): void {
  if (next === locale) return;
  locale = next;
  formats = formatsOf(next);
}

/** An instant as a clock in another zone shows it. */
export function momentIn(zone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat(locale, { ...MOMENT, timeZone: zone });
}
