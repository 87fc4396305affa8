import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import type { Finding } from "./verifier";

/** The verifier as everybody gets it, tried with the files that the program's own is tried with. */

const VERIFIER = resolve("public/verify-proof.mjs");
// As Node.js loads it, untouched by what tests the rest.
const { verify, link, hash } = await import(/* @vite-ignore */ pathToFileURL(VERIFIER).href);

const vector = (name: string) => resolve("../docs/proof-vectors", name);
const json = (name: string) => JSON.parse(readFileSync(vector(name), "utf8"));
const codes = (findings: Finding[]) => [...new Set(findings.map(({ code }) => code))].sort();

interface Expected {
  holds: boolean;
  findings: string[];
  notes: string[];
}

test.each(Object.entries<Expected & { sha256: string | null }>(json("expected.json")))(
  "%s gives what the program gives",
  (name, expected) => {
    const { holds, findings, notes, sha256, steps } = verify(readFileSync(vector(name)));

    expect({ holds, findings: codes(findings), notes: codes(notes), sha256 }).toEqual(expected);
    // Every fault belongs to a step, so that the page tells it.
    expect(steps.flatMap((step: { findings: Finding[] }) => step.findings)).toHaveLength(findings.length);
  },
);

test.each<Expected & { files: string[] }>(json("together.json"))(
  "$files beside each other give what the program gives",
  ({ files, holds, findings, notes }) => {
    const verdicts = files.map((name) => verify(readFileSync(vector(name))));
    const chain = link(verdicts);

    expect(codes(chain.findings)).toEqual(findings);
    expect(codes(chain.notes)).toEqual(notes);
    expect(verdicts.every((verdict) => verdict.holds) && chain.findings.length === 0).toBe(holds);
  },
);

test("its SHA-256 is SHA-256, whatever the length", () => {
  for (let length = 0; length < 260; length++) {
    const bytes = new Uint8Array(length).map((_, at) => at * 7 + length);
    expect(Buffer.from(hash(bytes)).toString("hex")).toBe(createHash("sha256").update(bytes).digest("hex"));
  }
});

test.each([
  ["half a character", '{"proof":"\\ud800"}'],
  ["a number that begins with 0", '{"proof":01}'],
  ["a control character", '{"proof":"\u0001"}'],
  ["something behind the end", "{} {}"],
  ["a byte order mark", "\ufeff{}"],
  ["no end", '{"proof":['],
  ["nothing", ""],
])("what is not JSON is told from JSON: %s", (_, text) => {
  expect(codes(verify(new TextEncoder().encode(text)).findings)).toEqual(["not_json"]);
});

test("nesting without end is no proof and no crash", () => {
  const { holds } = verify(new TextEncoder().encode("[".repeat(1_000_000)));

  expect(holds).toBe(false);
});

test("it runs by itself under Node.js, and says by its exit code whether all hold", () => {
  const run = (...names: string[]) =>
    spawnSync(process.execPath, [VERIFIER, ...names.map(vector)], { encoding: "utf8" });

  const good = run("good-first-to-reach.json", "good-forfeited.json");
  const bad = run("bad-prize-changed.json");

  expect([good.status, good.stdout.includes("All hold.")]).toEqual([0, true]);
  expect([bad.status, bad.stdout.includes("✗ prizes")]).toEqual([1, true]);
  expect(run().status).toBe(1);
});
