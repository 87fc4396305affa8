import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { FakeSocket } from "@/testing/fake-socket";
import type { Outcome, TopicFrame } from "./protocol";
import { LiveSocket } from "./socket";

let held: Record<string, number>;
let frames: TopicFrame[];
let outcome: Outcome;
let socket: LiveSocket;

beforeEach(() => {
  vi.useFakeTimers();
  held = {};
  frames = [];
  outcome = "kept";
  socket = new LiveSocket({
    url: "ws://site.test/ws",
    heldVersion: (topic) => held[topic],
    onFrame: (frame) => {
      frames.push(frame);
      return outcome;
    },
    random: () => 1,
  });
  socket.start();
});

afterEach(() => {
  socket.stop();
  vi.useRealTimers();
});

const subscribe = (version?: number) => ({
  type: "subscribe",
  topic: "race:7",
  mode: "delta",
  ...(version === undefined ? {} : { version }),
});
const delta = { type: "RACE_DELTA", topic: "race:7", base: 41, version: 42, data: {} };

test("a topic is asked for with the version that is held, as soon as the connection is open", () => {
  held["race:7"] = 41;
  socket.watch("race:7");
  expect(FakeSocket.last.askedOf("race:7")).toEqual([]);

  FakeSocket.last.open();

  expect(FakeSocket.last.askedOf("race:7")).toEqual([subscribe(41)]);
});

test("two watchers of a topic share one subscription, and the last one to go ends it", () => {
  FakeSocket.last.open();
  const [first, second] = [socket.watch("race:7"), socket.watch("race:7")];

  first();
  vi.advanceTimersByTime(2_000);
  expect(FakeSocket.last.askedOf("race:7")).toEqual([subscribe()]);
  second();
  vi.advanceTimersByTime(2_000);

  expect(FakeSocket.last.askedOf("race:7").at(-1)).toEqual({ type: "unsubscribe", topic: "race:7" });
});

test("a topic that is let go and taken again at once is never unsubscribed", () => {
  FakeSocket.last.open();
  socket.watch("race:7")();
  socket.watch("race:7");

  vi.advanceTimersByTime(5_000);

  expect(FakeSocket.last.askedOf("race:7")).toEqual([subscribe()]);
});

test("a delta that does not fit makes it ask for the whole page", () => {
  FakeSocket.last.open();
  held["race:7"] = 40;
  socket.watch("race:7");
  outcome = "resync";

  FakeSocket.last.say(delta);

  expect(frames).toEqual([delta]);
  expect(FakeSocket.last.askedOf("race:7")).toEqual([subscribe(40), subscribe()]);
});

test("after a lost connection it comes back and resumes from what it holds then", () => {
  held["race:7"] = 41;
  socket.watch("race:7");
  FakeSocket.last.open();
  held["race:7"] = 57;

  FakeSocket.last.cut();
  expect(socket.state).toBe("lost");
  vi.advanceTimersByTime(500);
  FakeSocket.last.open();

  expect(FakeSocket.all).toHaveLength(2);
  expect(socket.state).toBe("open");
  expect(FakeSocket.last.askedOf("race:7")).toEqual([subscribe(57)]);
});

test("it waits longer after each failure, up to half a minute", () => {
  const waits: number[] = [];
  for (let attempt = 0; attempt < 9; attempt += 1) {
    const before = FakeSocket.all.length;
    FakeSocket.last.cut();
    let waited = 0;
    while (FakeSocket.all.length === before) {
      vi.advanceTimersByTime(500);
      waited += 500;
    }
    waits.push(waited);
  }

  expect(waits).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
});

test("a server that speaks makes the next wait short again", () => {
  FakeSocket.last.cut();
  vi.advanceTimersByTime(500);
  FakeSocket.last.open();
  FakeSocket.last.say({ type: "pong", now: "2026-11-20T12:00:00Z" });

  FakeSocket.last.cut();
  vi.advanceTimersByTime(500);

  expect(FakeSocket.all).toHaveLength(3);
});

test("a connection that answers no ping is given up", () => {
  FakeSocket.last.open();
  FakeSocket.last.say({ type: "pong" });

  vi.advanceTimersByTime(25_000 + 8_000);
  expect(socket.state).toBe("lost");
  vi.advanceTimersByTime(500);

  expect(FakeSocket.all).toHaveLength(2);
});

test("waking up does not wait for the next attempt", () => {
  for (let attempt = 0; attempt < 4; attempt += 1) {
    FakeSocket.last.cut();
    vi.runOnlyPendingTimers();
  }
  FakeSocket.last.cut();
  const before = FakeSocket.all.length;

  socket.wake();

  expect(FakeSocket.all).toHaveLength(before + 1);
});

test("what it does not understand it leaves alone", () => {
  FakeSocket.last.open();

  FakeSocket.last.onmessage?.({ data: "not json" });
  FakeSocket.last.say({ type: "SUBSCRIBED", topic: "race:7", version: 41 });
  FakeSocket.last.say({ type: "ERROR", detail: "No such topic." });

  expect(frames).toEqual([]);
});

test("a topic that was denied is not asked for again", () => {
  socket.watch("me");
  FakeSocket.last.open();
  FakeSocket.last.say({ type: "DENIED", topic: "me" });

  FakeSocket.last.cut();
  vi.advanceTimersByTime(500);
  FakeSocket.last.open();

  expect(FakeSocket.last.askedOf("me")).toEqual([]);
});

test("the server's time is handed on, the first after a connection as such", () => {
  const told: [number, boolean][] = [];
  const clocked = new LiveSocket({
    url: "ws://site.test/ws",
    heldVersion: () => undefined,
    onFrame: () => "kept",
    onServerTime: (now, first) => told.push([now, first]),
  });
  clocked.start();
  FakeSocket.last.open();

  FakeSocket.last.say({ type: "pong", now: "2026-11-20T12:00:00Z" });
  FakeSocket.last.say({ type: "pong", now: 1_795_176_005 });

  expect(told).toEqual([
    [Date.UTC(2026, 10, 20, 12), true],
    [1_795_176_005_000, false],
  ]);
  clocked.stop();
});

test("a topic for which the server is not ready is asked for again later", () => {
  socket.watch("race:7");
  FakeSocket.last.open();

  FakeSocket.last.say({ type: "ERROR", code: "not_ready", topic: "race:7", message: "Try again." });
  vi.advanceTimersByTime(7_000);
  FakeSocket.last.say({ type: "pong" });
  vi.advanceTimersByTime(23_000);

  expect(FakeSocket.last.askedOf("race:7")).toEqual([subscribe(), subscribe()]);
});

test("a server that is soon ready is soon asked again, one that is not ever later", () => {
  socket.watch("race:7");
  FakeSocket.last.open();
  const refuse = () =>
    FakeSocket.last.say({ type: "ERROR", code: "not_ready", topic: "race:7", message: "" });

  for (const wait of [500, 1_000, 2_000]) {
    refuse();
    const asked = FakeSocket.last.askedOf("race:7").length;
    vi.advanceTimersByTime(wait - 1);
    expect(FakeSocket.last.askedOf("race:7")).toHaveLength(asked);
    vi.advanceTimersByTime(1);
    expect(FakeSocket.last.askedOf("race:7")).toHaveLength(asked + 1);
  }
});
