import { texts } from "@/texts/en";

// The texts are English, so the figures in them are too; times are in the reader's own zone.
const LOCALE = "en-US";

const exact = new Intl.NumberFormat(LOCALE, { style: "currency", currency: "USD" });
const toTheDigit = new Intl.NumberFormat(LOCALE, {
  style: "currency",
  currency: "USD",
  minimumFractionDigits: 2,
  maximumFractionDigits: 8,
});
const whole = new Intl.NumberFormat(LOCALE, {
  style: "currency",
  currency: "USD",
  maximumFractionDigits: 0,
});
const short = new Intl.NumberFormat(LOCALE, {
  style: "currency",
  currency: "USD",
  notation: "compact",
  maximumFractionDigits: 1,
});
const integer = new Intl.NumberFormat(LOCALE);
const parts = new Intl.NumberFormat(LOCALE, { style: "percent", maximumFractionDigits: 1 });
const atLeast = new Intl.NumberFormat(LOCALE, { style: "percent", maximumSignificantDigits: 1 });
const countries = new Intl.DisplayNames(LOCALE, { type: "region" });
const day = new Intl.DateTimeFormat(LOCALE, { day: "numeric", month: "short", year: "numeric" });
const MOMENT = {
  day: "numeric",
  month: "short",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
  timeZoneName: "short",
} as const;
const moment = new Intl.DateTimeFormat(LOCALE, MOMENT);
const ordinals = new Intl.PluralRules(LOCALE, { type: "ordinal" });
const leaf = {
  month: new Intl.DateTimeFormat(LOCALE, { month: "short" }),
  day: new Intl.DateTimeFormat(LOCALE, { day: "numeric" }),
  weekday: new Intl.DateTimeFormat(LOCALE, { weekday: "short" }),
  time: new Intl.DateTimeFormat(LOCALE, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }),
};
const dayOfMonth = new Intl.DateTimeFormat(LOCALE, { day: "numeric", month: "short" });
const inDays = new Intl.NumberFormat(LOCALE, { style: "unit", unit: "day", unitDisplay: "long" });
const inHours = new Intl.NumberFormat(LOCALE, { style: "unit", unit: "hour", unitDisplay: "long" });

/** `$1,234.50`; the string form is how the wire gives prize pools, and Intl reads it without a float. */
export function money(amount: number | string): string {
  return exact.format(amount as Intl.StringNumericLiteral | number);
}

/** All digits that the server gave, cents at least: a sum that is shown must come out. */
export function exactMoney(amount: number | string): string {
  return toTheDigit.format(amount as Intl.StringNumericLiteral | number);
}

/** A prize: cents only where there are some, `$2,125` and `$137.50`. */
export function prize(amount: number | string): string {
  return Number(amount) % 1 === 0
    ? whole.format(amount as Intl.StringNumericLiteral | number)
    : money(amount);
}

/** What stands at a line of a chart, when the lines are so many seconds apart: an hour, a day or a month. */
export function tick(instant: number, apart: number): string {
  const unit = apart < DAY ? leaf.time : apart < 28 * DAY ? dayOfMonth : leaf.month;
  return unit.format(new Date(instant));
}

/** `$1.2M`, for the axis of a chart. */
export function shortMoney(amount: number): string {
  return short.format(amount);
}

export function count(amount: number): string {
  return integer.format(amount);
}

/** `0.3 %` of a share of 0.003, as the language writes it; little is told from none. */
export function percent(share: number): string {
  return (share > 0 && share < 0.001 ? atLeast : parts).format(share);
}

/** What a country is called, by its two letters. */
export function country(code: string): string {
  return countries.of(code) ?? code;
}

export function date(instant: string | number): string {
  return day.format(new Date(instant));
}

export function dateTime(instant: string | number): string {
  return moment.format(new Date(instant));
}

/** The same instant as a clock in another zone shows it. */
export function dateTimeIn(instant: string, zone: string): string {
  return new Intl.DateTimeFormat(LOCALE, { ...MOMENT, timeZone: zone }).format(new Date(instant));
}

/** `1st`, `22nd`. */
export function ordinal(place: number): string {
  return `${count(place)}${texts.ordinals[ordinals.select(place)]}`;
}

/** The parts of a date for a leaf of a calendar, in the reader's own zone. */
export function calendarLeaf(instant: string): { month: string; day: string; weekday: string; time: string } {
  const date = new Date(instant);
  return {
    month: leaf.month.format(date),
    day: leaf.day.format(date),
    weekday: leaf.weekday.format(date),
    time: leaf.time.format(date),
  };
}

/** `7 days`, `23 hours`: how long something goes on, in the largest unit that divides it. */
export function span(milliseconds: number): string {
  const hours = Math.round(milliseconds / (1000 * HOUR));
  const whole = hours >= 48 && hours % 24 === 0;
  return (whole ? inDays : inHours).format(whole ? hours / 24 : hours);
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How long ago, in the largest unit that fits. */
export function age(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  if (seconds < 2) return texts.ages.now;
  if (seconds < MINUTE) return texts.ages.seconds(seconds);
  if (seconds < HOUR) return texts.ages.minutes(Math.floor(seconds / MINUTE));
  if (seconds < DAY) return texts.ages.hours(Math.floor(seconds / HOUR));
  return texts.ages.days(Math.floor(seconds / DAY));
}

export interface Countdown {
  days: number;
  hours: number;
  minutes: number;
  seconds: number;
}

/** Split what is left; never below zero. Rounded up, so that 0 is shown only when it is over. */
export function countdown(milliseconds: number): Countdown {
  const left = Math.max(0, Math.ceil(milliseconds / 1000));
  return {
    days: Math.floor(left / DAY),
    hours: Math.floor((left % DAY) / HOUR),
    minutes: Math.floor((left % HOUR) / MINUTE),
    seconds: left % MINUTE,
  };
}
