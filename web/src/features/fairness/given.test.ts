import { expect, test } from "vitest";
import { understand } from "./given";

const SITE = "https://vips.example";

test.each([
  ["https://vips.example/races/7?page=2", { kind: "race", id: 7 }],
  ["https://vips.example/api/wager-races/7/proof", { kind: "race", id: 7 }],
  ["  /races/7/ ", { kind: "race", id: 7 }],
  ["7", { kind: "race", id: 7 }],
  ["https://other.example/races/7", { kind: "foreign" }],
  ["https://vips.example/players/7", { kind: "nothing" }],
  ["https://", { kind: "nothing" }],
  ["javascript:alert(1)", { kind: "nothing" }],
  ["", { kind: "nothing" }],
  [' {"openings":[]}\n', { kind: "proof", text: '{"openings":[]}' }],
])("%j is understood", (typed, given) => {
  expect(understand(typed, SITE)).toEqual(given);
});
