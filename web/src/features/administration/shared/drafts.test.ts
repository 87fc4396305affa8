import { expect, test } from "vitest";
import { changedFields, merged } from "./drafts";

const base = { name: "Race", prizePool: "500.00", minWager: "0" };

test("only what was typed is sent", () => {
  expect(changedFields(base, { ...base, prizePool: "600" })).toEqual(["prizePool"]);
});

test("what somebody else changed elsewhere is taken over", () => {
  const { draft, changes } = merged(base, { ...base, prizePool: "600" }, { ...base, minWager: "10" });

  expect(draft).toEqual({ name: "Race", prizePool: "600", minWager: "10" });
  expect(changes).toEqual([{ name: "minWager", was: "0", theirs: "10", mine: null }]);
});

test("what both changed stays as it was typed here, and is said", () => {
  const { draft, changes } = merged(base, { ...base, prizePool: "600" }, { ...base, prizePool: "700.00" });

  expect(draft.prizePool).toBe("600");
  expect(changes).toEqual([{ name: "prizePool", was: "500.00", theirs: "700.00", mine: "600" }]);
});

test("what both changed to the same is no quarrel", () => {
  const { changes } = merged(base, { ...base, name: "A" }, { ...base, name: "A" });

  expect(changes).toEqual([{ name: "name", was: "Race", theirs: "A", mine: null }]);
});
