import { act, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { beforeEach, expect, test } from "vitest";
import { serverClock } from "@/lib/server-clock";
import { aHealth, aRace, races, standing } from "@/testing/examples";
import { FakeSocket } from "@/testing/fake-socket";
import { renderSite } from "@/testing/render-site";
import { at, problem, server } from "@/testing/server";

const NOON = Date.UTC(2026, 10, 20, 12);

beforeEach(() => serverClock.restart(NOON + 330_000));

const rowsOf = (table: HTMLElement) => within(table).getAllByRole("row").slice(1).map(toldBy);

/** What a row says, without the word on how its place was counted. */
const toldBy = (row: HTMLElement) => row.textContent?.replace(/Place \d+: how it was counted/, "");

test("home shows the race with its pool, countdown, podium, next places and the age of the data", async () => {
  renderSite("/");

  expect(await screen.findByRole("heading", { level: 1, name: "November race" })).toBeVisible();
  expect(screen.getByText("$500")).toBeVisible();
  expect(screen.getByTestId("race-countdown")).toHaveTextContent("10 days, 11 hours, 54 minutes");
  expect(screen.getByText("as of 5 min ago")).toBeVisible();
  const podium = screen.getByRole("region", { name: "Podium" });
  expect(within(podium).getAllByRole("listitem").map(toldBy)).toEqual([
    "1ann$400.00$300",
    "2bob$300.00$150",
    "3cat$200.00$50",
  ]);
  expect(rowsOf(screen.getByRole("table", { name: "Next places" }))).toEqual(["4dan$100.00–no prize"]);
});

test("home shows the first five of all four windows", async () => {
  renderSite("/");

  for (const window of ["Today", "This week", "This month", "All time"]) {
    const board = await screen.findByRole("region", { name: window });
    expect(await within(board).findAllByRole("listitem")).toHaveLength(5);
  }
});

test("a report moves the race at once, and says who rose", async () => {
  renderSite("/");
  await screen.findByRole("table", { name: "Next places" });
  const held = aRace();
  act(() => FakeSocket.last.open());

  act(() =>
    FakeSocket.last.say({
      type: "RACE_DELTA",
      topic: "race:7",
      base: 41,
      version: 42,
      data: {
        changed: [standing("dan", 350, 2, 150)],
        removed: [],
        metadata: { ...held.metadata, version: 42 },
      },
    }),
  );

  expect((await screen.findByText("up 2")).closest("li")).toHaveTextContent("dan");
  expect(rowsOf(screen.getByRole("table", { name: "Next places" }))).toEqual([
    "4▼1down 1cat$200.00–no prize",
  ]);
});

test("a delta from a version that is not held makes it ask for the whole race", async () => {
  renderSite("/");
  await screen.findByRole("table", { name: "Next places" });
  act(() => FakeSocket.last.open());
  const delta = { changed: [], removed: [], metadata: aRace().metadata };

  act(() => FakeSocket.last.say({ type: "RACE_DELTA", topic: "race:7", base: 50, version: 51, data: delta }));

  expect(FakeSocket.last.askedOf("race:7").map(({ version }) => version)).toEqual([41, undefined]);
});

test("an answer that is older than what the socket brought does not turn back time", async () => {
  const { cache } = renderSite("/");
  await screen.findByRole("table", { name: "Next places" });
  act(() => FakeSocket.last.open());
  act(() =>
    FakeSocket.last.say({
      type: "RACE_UPDATE",
      topic: "race:7",
      version: 42,
      data: aRace({ participants: [standing("zoe", 999, 1, 300)] }, { version: 42 }),
    }),
  );

  expect(await screen.findByText("zoe")).toBeVisible();
  await act(() => cache.invalidateQueries({ queryKey: ["race"] }));

  expect(screen.getByText("zoe")).toBeVisible();
});

test("home leads to the other races that are live", async () => {
  server.use(http.get(at("/wager-races"), () => HttpResponse.json(races({}, { id: 8, name: "Daily race" }))));
  renderSite("/");

  const others = within(await screen.findByRole("navigation", { name: "Also live" }));
  expect(others.getAllByRole("link").map((link) => link.getAttribute("href"))).toEqual(["/races/8"]);
});

test("between races it says when the next one starts", async () => {
  server.use(http.get(at("/wager-races/current"), () => problem(404, "No race.")));
  renderSite("/");

  expect(await screen.findByText("No race is running")).toBeVisible();
  expect(await screen.findByText(/^November race starts Nov 1/)).toBeVisible();
});

test("a race in which nobody has wagered shows what there is to win", async () => {
  server.use(http.get(at("/wager-races/current"), () => HttpResponse.json(aRace({ participants: [] }))));
  renderSite("/");

  expect(await screen.findByText("Nobody has wagered yet")).toBeVisible();
  expect(within(screen.getByRole("region", { name: "Prizes" })).getByText("$300")).toBeVisible();
});

test("what the server has to say about the data is shown in its words", async () => {
  const text = "2 players were first seen after the start.";
  server.use(
    http.get(at("/wager-races/current"), () =>
      HttpResponse.json(aRace({}, { marks: [{ code: "late", count: 2, text }] })),
    ),
  );
  renderSite("/");

  expect(await screen.findByText(text)).toBeVisible();
});

test("figures that are old are called old", async () => {
  serverClock.restart(NOON + 20.5 * 60_000);
  renderSite("/");

  expect(await screen.findByText(/The last report is from 20 min ago/)).toBeVisible();
});

test.each([
  { interval: "five seconds", staleAfterSeconds: 15, notices: 1 },
  { interval: "an hour", staleAfterSeconds: 10_800, notices: 0 },
])("how old is too old follows from $interval between reports", async ({ staleAfterSeconds, notices }) => {
  server.use(http.get(at("/health"), () => HttpResponse.json(aHealth({ staleAfterSeconds }))));
  serverClock.restart(NOON + 20.5 * 60_000);
  const { cache } = renderSite("/");

  await screen.findByText("as of 20 min ago");
  await waitFor(() => {
    expect(cache.getQueryData(["health"])).toBeDefined();
    expect(screen.queryAllByText(/The last report is from/)).toHaveLength(notices);
  });
});

test("a failed call says why and can be tried again", async () => {
  server.use(http.get(at("/wager-races/current"), () => problem(503, "The boards are not loaded yet.")));
  renderSite("/");
  expect(await screen.findByText("The boards are not loaded yet.")).toBeVisible();
  expect(screen.getByText("Reference: req-1")).toBeVisible();

  server.resetHandlers();
  await userEvent.click(screen.getByRole("button", { name: "Try again" }));

  expect(await screen.findByRole("heading", { name: "November race" })).toBeVisible();
});

test("an address that leads nowhere offers a way on", async () => {
  renderSite("/nothing-here");

  expect(await screen.findByRole("heading", { name: "There is no such page" })).toBeVisible();
  expect(screen.getByRole("link", { name: "See the current race" })).toHaveAttribute("href", "/");
});
