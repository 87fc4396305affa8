import { expect, test } from "vitest";
import { ServerClock } from "./server-clock";

const NOON = Date.UTC(2026, 10, 20, 12);

function clockAt(monotonic: { now: number }) {
  return new ServerClock(() => monotonic.now);
}

test("the server's time is unknown until the server said it", () => {
  expect(new ServerClock().now()).toBeNull();
});

test("the server's time goes on with the page's own monotonic clock", () => {
  const page = { now: 1_000 };
  const clock = clockAt(page);

  clock.observe(NOON);
  page.now += 2_500;

  expect(clock.now()).toBe(NOON + 2_500);
});

test("an answer that lay in a cache does not set the clock back", () => {
  const page = { now: 0 };
  const clock = clockAt(page);

  clock.observe(NOON);
  page.now += 60_000;
  clock.observe(NOON + 1_000);

  expect(clock.now()).toBe(NOON + 60_000);
});

test("a clock that stood still while the phone slept is set right by the next answer", () => {
  const page = { now: 0 };
  const clock = clockAt(page);

  clock.observe(NOON);
  clock.observe(NOON + 3_600_000);

  expect(clock.now()).toBe(NOON + 3_600_000);
});

test("a Date header counts only as long as nothing better is known", () => {
  const clock = clockAt({ now: 0 });

  clock.observeHeader(NOON + 5_000);
  expect(clock.now()).toBe(NOON + 5_000);
  clock.observe(NOON);

  expect(clock.now()).toBe(NOON);
});

test("a new connection may set the clock back", () => {
  const clock = clockAt({ now: 0 });

  clock.observe(NOON + 60_000);
  clock.restart(NOON);

  expect(clock.now()).toBe(NOON);
});
