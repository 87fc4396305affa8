import { expect, test } from "vitest";
import type { RaceParticipant } from "@/api/types";
import { aRace, standing } from "@/testing/examples";
import { applyRaceDelta } from "./race-delta";

const told = (rows: RaceParticipant[]) =>
  rows.map((row) => [row.position, row.username, row.wagered, row.prize]);

function apply(changed: RaceParticipant[], removed: string[] = [], metadata = {}) {
  const held = aRace();
  const race = applyRaceDelta(held, {
    changed,
    removed,
    metadata: { ...held.metadata, version: 42, ...metadata },
  });
  if (!race) throw new Error("The delta was refused.");
  return race;
}

test("who rises pushes the others down, and prizes go by the place", () => {
  const race = apply([standing("dan", 350, 2, 150)]);

  expect(told(race.participants)).toEqual([
    [1, "ann", 400, 300],
    [2, "dan", 350, 150],
    [3, "bob", 300, 50],
    [4, "cat", 200, 0],
  ]);
  expect(race.metadata.version).toBe(42);
});

test("several who move at once end where they were sent", () => {
  const race = apply([
    standing("cat", 900, 1, 300),
    standing("dan", 800, 2, 150),
    standing("ann", 500, 3, 50),
  ]);

  expect(race.participants.map((row) => row.username)).toEqual(["cat", "dan", "ann", "bob"]);
  expect(race.participants.map((row) => row.prize)).toEqual([300, 150, 50, 0]);
});

test("a newcomer comes in and who was removed is gone", () => {
  const race = apply([standing("eve", 250, 3)], ["uid-dan"]);

  expect(race.participants.map((row) => row.username)).toEqual(["ann", "bob", "eve", "cat"]);
});

test("a row that only changed its amount keeps its place", () => {
  const race = apply([standing("bob", 310, 2, 150)]);

  expect(told(race.participants)[1]).toEqual([2, "bob", 310, 150]);
});

test("rows that did not move stay the same objects", () => {
  const held = aRace();
  const race = applyRaceDelta(held, {
    changed: [standing("bob", 310, 2, 150)],
    removed: [],
    metadata: held.metadata,
  });

  expect(race?.participants[0]).toBe(held.participants[0]);
});

test("where ties are shared, places and prizes are the server's", () => {
  const race = apply([standing("cat", 300, 2, 100), standing("bob", 300, 2, 100)], [], {
    tiePolicy: "shared",
  });

  expect(told(race.participants)).toEqual([
    [1, "ann", 400, 300],
    [2, "cat", 300, 100],
    [2, "bob", 300, 100],
    [4, "dan", 100, 0],
  ]);
});

test("a race that completes is completed, and one that settles keeps its status", () => {
  expect(apply([], [], { phase: "completed" }).status).toBe("completed");
  expect(apply([], [], { phase: "settling" }).status).toBe("live");
});

test("a delta that leaves a hole in the page is refused", () => {
  const held = aRace();

  expect(
    applyRaceDelta(held, { changed: [standing("eve", 1, 9)], removed: [], metadata: held.metadata }),
  ).toBeNull();
});
