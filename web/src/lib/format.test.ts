import { expect, test } from "vitest";
import { age, countdown, money, prize, shortMoney } from "./format";

test("money has cents, a prize only where there are some", () => {
  expect(money(1234.5)).toBe("$1,234.50");
  expect(prize(2125)).toBe("$2,125");
  expect(prize(137.5)).toBe("$137.50");
  expect(shortMoney(19_542_101)).toBe("$19.5M");
});

test("a pool that a float could not hold keeps its cents", () => {
  expect(money("999999999999.99")).toBe("$999,999,999,999.99");
  expect(money("12345678901234567.89")).toBe("$12,345,678,901,234,567.89");
});

test("an age is told in the largest unit that fits", () => {
  const told = [0, 12, 59, 60, 3_599, 3_600, 86_400, 172_800].map((seconds) => age(seconds * 1000));

  expect(told).toEqual([
    "just now",
    "12 s ago",
    "59 s ago",
    "1 min ago",
    "59 min ago",
    "1 h ago",
    "1 day ago",
    "2 days ago",
  ]);
});

test("figures from the future are just now", () => {
  expect(age(-5_000)).toBe("just now");
});

test("a countdown is split into days, hours, minutes and seconds", () => {
  expect(countdown(((2 * 24 + 3) * 60 + 4) * 60_000 + 5_000)).toEqual({
    days: 2,
    hours: 3,
    minutes: 4,
    seconds: 5,
  });
});

test("a countdown shows zero only when nothing is left, and never less", () => {
  expect(countdown(1).seconds).toBe(1);
  expect(countdown(0).seconds).toBe(0);
  expect(countdown(-90_000)).toEqual({ days: 0, hours: 0, minutes: 0, seconds: 0 });
});
