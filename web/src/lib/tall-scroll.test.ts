import { expect, test } from "vitest";
import { scrolled, scrolledTo, tall } from "./tall-scroll";

const ROW = 56;
const SHORT = tall(1_000 * ROW, 800);
const MILLION = tall(1_000_000 * ROW, 800);
const TOP = { element: 0, list: 0 };
const END = MILLION.list - MILLION.view;

test("a list that fits is scrolled as it is", () => {
  expect(SHORT.element).toBe(SHORT.list);
  expect(scrolled(SHORT, TOP, 12_345)).toEqual({ element: 12_345, list: 12_345 });
});

test("an element is never taller than browsers draw", () => {
  expect(MILLION.element).toBe(8_000_000);
});

test("a small step moves a long list by as many pixels", () => {
  const from = scrolledTo(MILLION, 30_000_000);

  const to = scrolled(MILLION, from, from.element + 120);

  expect(to).toEqual({ element: from.element + 120, list: 30_000_120 });
});

test("a leap goes to the same share of the list, and both ends are reached", () => {
  expect(scrolled(MILLION, TOP, 4_000_000).list / MILLION.list).toBeCloseTo(0.5, 4);
  expect(scrolled(MILLION, TOP, MILLION.element - MILLION.view).list).toBe(END);
  expect(scrolled(MILLION, { element: 7_000_000, list: END }, 0)).toEqual(TOP);
});

test.each([
  { way: "down", step: 700, from: TOP, to: END },
  { way: "up", step: -700, from: { element: MILLION.element - 800, list: END }, to: 0 },
])("whoever scrolls $way for long comes to the end, without a jump in the list", ({ step, from, to }) => {
  let at = from;
  while (at.list !== to) {
    const element = Math.max(0, Math.min(at.element + step, MILLION.element - MILLION.view));
    const next = scrolled(MILLION, at, element);
    expect(Math.abs(next.list - at.list)).toBeLessThanOrEqual(700);
    expect(next.list).not.toBe(at.list);
    at = next;
  }
  expect(at.list).toBe(to);
});

test("a position beyond the end is the end", () => {
  expect(scrolledTo(MILLION, 1e12)).toEqual({ element: MILLION.element - 800, list: END });
  expect(scrolledTo(SHORT, -5)).toEqual(TOP);
});
