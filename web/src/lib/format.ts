import { texts } from "@/texts";
import { formats, momentIn } from "./formats";

// Figures and dates are written as the language of the texts has it; times are in the reader's own zone.

/** `$1,234.50`; the string form is how the wire gives prize pools, and Intl reads it without a float. */
export function money(amount: number | string): string {
  return formats.exact.format(amount as Intl.StringNumericLiteral | number);
}

/** All digits that the server gave, cents at least: a sum that is shown must come out. */
export function exactMoney(amount: number | string): string {
  return formats.toTheDigit.format(amount as Intl.StringNumericLiteral | number);
}

/** A prize: cents only where there are some, `$2,125` and `$137.50`. */
export function prize(amount: number | string): string {
  return Number(amount) % 1 === 0
    ? formats.whole.format(amount as Intl.StringNumericLiteral | number)
    : money(amount);
}

/** What stands at a line of a chart, when the lines are so many seconds apart: an hour, a day or a month. */
export function tick(instant: number, apart: number): string {
  const unit = apart < DAY ? formats.leaf.time : apart < 28 * DAY ? formats.dayOfMonth : formats.leaf.month;
  return unit.format(new Date(instant));
}

/** `$1.2M`, for the axis of a chart. */
export function shortMoney(amount: number): string {
  return formats.short.format(amount);
}

export function count(amount: number): string {
  return formats.integer.format(amount);
}

/** `0.3 %` of a share of 0.003, as the language writes it; little is told from none. */
export function percent(share: number): string {
  return (share > 0 && share < 0.001 ? formats.atLeast : formats.parts).format(share);
}

/** What a country is called, by its two letters. */
export function country(code: string): string {
  return formats.countries.of(code) ?? code;
}

export function date(instant: string | number): string {
  return formats.day.format(new Date(instant));
}

export function dateTime(instant: string | number): string {
  return formats.moment.format(new Date(instant));
}

/** The same instant as a clock in another zone shows it. */
export function dateTimeIn(instant: string, zone: string): string {
  return momentIn(zone).format(new Date(instant));
}

/** `1st`, `22nd`. */
export function ordinal(place: number): string {
  return `${count(place)}${texts.ordinals[formats.ordinals.select(place)]}`;
}

/** The parts of a date for a leaf of a calendar, in the reader's own zone. */
export function calendarLeaf(instant: string): { month: string; day: string; weekday: string; time: string } {
  const date = new Date(instant);
  return {
    month: formats.leaf.month.format(date),
    day: formats.leaf.day.format(date),
    weekday: formats.leaf.weekday.format(date),
    time: formats.leaf.time.format(date),
  };
}

/** `7 days`, `23 hours`: how long something goes on, in the largest unit that divides it. */
export function span(milliseconds: number): string {
  const hours = Math.round(milliseconds / (1000 * HOUR));
  const whole = hours >= 48 && hours % 24 === 0;
  return (whole ? formats.inDays : formats.inHours).format(whole ? hours / 24 : hours);
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
