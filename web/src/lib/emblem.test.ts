import { expect, test } from "vitest";
import { emblemOf, FIELDS } from "./emblem";

const drawn = (text: string) =>
  emblemOf(text)
    .map(({ x, y }) => `${x}${y}`)
    .sort()
    .join(" ");

test("the same player has the same emblem, and another one another", () => {
  expect(drawn("uid-ann")).toBe(drawn("uid-ann"));
  expect(new Set(Array.from({ length: 100 }, (_, player) => drawn(`uid-${player}`))).size).toBeGreaterThan(
    95,
  );
});

test("an emblem is its own mirror image, and never empty", () => {
  for (let player = 0; player < 500; player += 1) {
    const fields = emblemOf(`uid-${player}`);
    const known = new Set(fields.map(({ x, y }) => `${x}${y}`));
    expect(fields.length).toBeGreaterThan(0);
    expect(fields.every(({ x, y }) => known.has(`${FIELDS - 1 - x}${y}`))).toBe(true);
  }
});
