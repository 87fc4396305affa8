import { expect, test } from "vitest";
import type { LeaderboardData, LeaderboardEntry } from "@/api/types";
import { aBoard, entry } from "@/testing/examples";
import { applyBoardDelta } from "./board-delta";

function board(data: LeaderboardEntry[]): LeaderboardData {
  return { ...aBoard(), data };
}

function apply(held: LeaderboardEntry[], changed: LeaderboardEntry[], removed: string[] = []) {
  const from = board(held);
  const next = applyBoardDelta(from, {
    changed,
    removed,
    metadata: { ...from.metadata, version: 42, totalUsers: 301 },
  });
  if (!next) throw new Error("The delta was refused.");
  return next;
}

const told = (data: LeaderboardEntry[]) => data.map((row) => [row.rank, row.name]);

test("who rises pushes the others down", () => {
  const { data } = apply([entry("ann", 3, 1), entry("bob", 2, 2), entry("cat", 1, 3)], [entry("cat", 4, 1)]);

  expect(told(data)).toEqual([
    [1, "cat"],
    [2, "ann"],
    [3, "bob"],
  ]);
});

test("who leaves the page is gone and who enters it is there", () => {
  const { data } = apply([entry("ann", 3, 1), entry("bob", 2, 2)], [entry("eve", 2.5, 2)], ["uid-bob"]);

  expect(told(data)).toEqual([
    [1, "ann"],
    [2, "eve"],
  ]);
});

test("players without an amount have no rank and come last", () => {
  const { data } = apply(
    [entry("ann", 3, 1), entry("bob", 2, 2), entry("dan", 0, null)],
    [entry("ann", 0, null), entry("cat", 0, null)],
  );

  expect(told(data)).toEqual([
    [1, "bob"],
    [null, "dan"],
    [null, "ann"],
    [null, "cat"],
  ]);
});

test("the number of pages follows the number of players", () => {
  expect(apply([], []).pagination).toMatchObject({ total: 301, pages: 4, limit: 100 });
});
