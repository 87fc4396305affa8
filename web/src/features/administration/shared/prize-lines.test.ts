import { expect, test } from "vitest";
import { linesOf, sharesOf } from "./prize-lines";

test("places and ranges are paid a share or an amount", () => {
  expect(sharesOf("1: 42.5%\n2 = $100\n\n 4 - 10: 25.50 ")).toEqual([
    { place: 1, percent: "42.5" },
    { place: 2, amount: "100" },
    { from: 4, to: 10, amount: "25.50" },
  ]);
});

test("a table that is written is read back", () => {
  const shares = [
    { place: 1, percent: "50" },
    { from: 2, to: 3, amount: "10.00" },
  ];

  expect(sharesOf(linesOf(shares))).toEqual(shares);
});

test("a line that says neither is no table", () => {
  expect(sharesOf("first: 50%")).toBeNull();
  expect(sharesOf("1: -5")).toBeNull();
  expect(sharesOf("1 50%")).toBeNull();
});

test("nothing is no line", () => {
  expect(sharesOf(" \n")).toEqual([]);
});
