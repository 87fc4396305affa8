import { expect, test } from "vitest";
import { instantOf, localOf } from "./zones";

test("a local time is the instant at which that zone's clocks show it", () => {
  expect(instantOf("2026-11-20T12:00", "UTC")).toBe("2026-11-20T12:00:00Z");
  expect(instantOf("2026-07-01T00:00", "America/New_York")).toBe("2026-07-01T04:00:00Z");
  expect(instantOf("2026-12-01T00:00", "America/New_York")).toBe("2026-12-01T05:00:00Z");
  expect(instantOf("2026-12-01T00:00", "Asia/Kolkata")).toBe("2026-11-30T18:30:00Z");
});

test("midnight before the clocks change, and the midnight after", () => {
  expect(instantOf("2026-11-01T00:00", "America/New_York")).toBe("2026-11-01T04:00:00Z");
  expect(instantOf("2026-11-02T00:00", "America/New_York")).toBe("2026-11-02T05:00:00Z");
  expect(instantOf("2026-03-08T00:00", "America/New_York")).toBe("2026-03-08T05:00:00Z");
});

test("of an hour that comes twice it is the first, and one that is skipped is counted on", () => {
  expect(instantOf("2026-11-01T01:30", "America/New_York")).toBe("2026-11-01T05:30:00Z");
  expect(instantOf("2026-03-08T02:30", "America/New_York")).toBe("2026-03-08T07:30:00Z");
});

test("what is shown is read back", () => {
  for (const zone of ["UTC", "America/New_York", "Asia/Kolkata", "Pacific/Kiritimati"]) {
    const instant = "2026-11-20T12:30:00Z";
    expect(instantOf(localOf(instant, zone) ?? "", zone)).toBe(instant);
  }
});

test("what is no time or no zone is said to be none", () => {
  expect(instantOf("", "UTC")).toBeNull();
  expect(instantOf("2026-11-20T12:00", "Mars/Olympus")).toBeNull();
  expect(localOf("never", "UTC")).toBeNull();
});
