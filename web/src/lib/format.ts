import { texts } from "@/texts/en";

// The texts are English, so the figures in them are too; times are in the reader's own zone.
const LOCALE = "en-US";

const exact = new Intl.NumberFormat(LOCALE, { style: "currency", currency: "USD" });
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
const moment = new Intl.DateTimeFormat(LOCALE, {
  day: "numeric",
  month: "short",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
  timeZoneName: "short",
});

/** `$1,234.50`; the string form is how the wire gives prize pools, and Intl reads it without a float. */
export function money(amount: number | string): string {
  return exact.format(amount as Intl.StringNumericLiteral | number);
}

/** A prize: cents only where there are some, `$2,125` and `$137.50`. */
export function prize(amount: number | string): string {
  return Number(amount) % 1 === 0
    ? whole.format(amount as Intl.StringNumericLiteral | number)
    : money(amount);
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
