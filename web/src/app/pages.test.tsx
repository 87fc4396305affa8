import { act, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { expect, test } from "vitest";
import { AS_OF, aBoard, aPlayer, aRace, history } from "@/testing/examples";
import { FakeSocket } from "@/testing/fake-socket";
import { renderSite } from "@/testing/render-site";
import { at, problem, server } from "@/testing/server";

const board = () => screen.findByRole("table", { name: /^Leaderboard/ });
const point = (at: string, all_time: number) => ({ at, today: 0, this_week: 0, this_month: 0, all_time });

test("the leaderboard shows the window that the address names", async () => {
  const asked: string[] = [];
  server.use(
    http.get(at("/leaderboard"), ({ request }) => {
      asked.push(new URL(request.url).search);
      return HttpResponse.json(aBoard());
    }),
  );
  renderSite("/leaderboard?period=today");

  expect(within(await board()).getByText("player1")).toBeVisible();
  expect(asked).toEqual(["?period=today&page=1&limit=100"]);
  const tabs = within(screen.getByRole("navigation", { name: "Window" })).getAllByRole("link");
  expect(tabs.filter((tab) => tab.ariaCurrent === "page").map((tab) => tab.textContent)).toEqual(["Today"]);
});

test("the table tells how long it is, though only the rows near the window are there", async () => {
  renderSite("/leaderboard");
  const table = await board();

  expect(table).toHaveAttribute("aria-rowcount", "251");
  expect(within(table).getAllByRole("row").length).toBeLessThan(80);
});

test("jumping to a rank fetches its part of the board and focuses its row", async () => {
  const { router } = renderSite("/leaderboard");
  await board();

  await userEvent.type(screen.getByLabelText("Go to rank"), "205{Enter}");

  await waitFor(() => expect(document.activeElement).toHaveTextContent("player205"));
  expect(router.state.location.search).toMatchObject({ rank: 205 });
});

test("who asks for a rank before the board has come is taken there when it has", async () => {
  renderSite("/leaderboard");

  await userEvent.type(await screen.findByLabelText("Go to rank"), "205{Enter}");
  await board();

  await waitFor(() => expect(document.activeElement).toHaveTextContent("player205"));
});

test("an address from when boards had pages leads to the first row of its page", async () => {
  renderSite("/leaderboard?page=3");

  await waitFor(() => expect(document.activeElement).toHaveTextContent("player201"));
});

test("searching waits for two letters and for a pause", async () => {
  const { router } = renderSite("/leaderboard");
  await board();
  const box = screen.getByRole("searchbox", { name: "Find a player" });

  await userEvent.type(box, "p");
  expect(router.state.location.search).not.toHaveProperty("search", "p");
  await userEvent.type(box, "layer25");

  expect(await screen.findByText("2 found for “player25”")).toBeVisible();
  expect(router.state.location.search).toMatchObject({ search: "player25" });
});

test("a search without a hit says so and can be cleared", async () => {
  renderSite("/leaderboard?search=nobody");
  expect(await screen.findByText("No player matches “nobody”")).toBeVisible();

  await userEvent.click(screen.getByRole("button", { name: "Clear the search" }));

  expect(within(await board()).getByText("player1")).toBeVisible();
  expect(screen.getByRole("searchbox")).toHaveValue("");
});

test("a board without a player says why it is empty", async () => {
  server.use(
    http.get(at("/leaderboard"), () => {
      const empty = aBoard({ search: "nobody" });
      return HttpResponse.json({ ...empty, metadata: { ...empty.metadata, asOf: null, rankedUsers: 0 } });
    }),
  );
  renderSite("/leaderboard");

  expect(await screen.findByText("Nobody has wagered yet")).toBeVisible();
  expect(screen.getByTestId("data-age")).toHaveTextContent("no report yet");
});

test("a player has a tier with progress, four windows with ranks, and races won", async () => {
  renderSite("/players/12");

  expect(await screen.findByRole("heading", { level: 1, name: "ann" })).toBeVisible();
  const progress = screen.getByRole("progressbar", { name: "Progress to Gold" });
  expect(progress).toHaveAttribute("aria-valuetext", "$75,000.00 more to Gold");
  expect(screen.getByText("1 race won")).toBeVisible();
  expect(screen.getByText("$25,000.00")).toBeVisible();
  expect(screen.getByText("unranked")).toBeVisible();
  expect(screen.getByRole("link", { name: "Rank 245: All time" })).toHaveAttribute(
    "href",
    "/leaderboard?rank=245",
  );
});

test("a player has an emblem in the colour he chose, and says what he likes of himself", async () => {
  const bio = "שלום\nHello";
  server.use(
    http.get(at("/users/:id"), () =>
      HttpResponse.json(aPlayer({ bio, profileColor: "#12ABEF", racesWon: 0 })),
    ),
  );
  const { container } = renderSite("/players/12");

  const said = await screen.findByText(/שלום/);
  expect(said).toHaveAttribute("dir", "auto");
  expect(container.querySelectorAll('rect[fill="#12ABEF"]').length).toBeGreaterThan(0);
  expect(screen.getByText("no race won yet")).toBeVisible();
});

test("a history is told in a sentence and as a table beside the chart", async () => {
  const points = [point("2026-11-18T12:00:00Z", 1_000), point("2026-11-19T12:00:00Z", 1_250.5)];
  server.use(http.get(at("/users/:id/history"), () => HttpResponse.json(history(points))));
  renderSite("/players/12");

  expect(await screen.findByText(/^\$250.50 wagered between Nov 18/)).toBeVisible();
  await userEvent.click(screen.getByText("Show the figures as a table"));

  const table = await screen.findByRole("table");
  expect(within(table).getAllByRole("row")[1]).toHaveTextContent("$1,250.50$250.50");
});

test("a player whose figures did not change has no chart but a reason", async () => {
  renderSite("/players/12");

  expect(await screen.findByText("Nothing changed in this time")).toBeVisible();
});

test("a report brings a player's page up to date", async () => {
  renderSite("/players/12");
  await screen.findByText("$25,000.00");
  server.use(
    http.get(at("/users/:id"), () =>
      HttpResponse.json(
        aPlayer({
          wager: { all_time: 26_000, monthly: 0, weekly: 0, daily: 0 },
          metadata: { asOf: AS_OF, version: 42, marks: [] },
        }),
      ),
    ),
  );
  act(() => FakeSocket.last.open());

  act(() =>
    FakeSocket.last.say({
      type: "LEADERBOARD_UPDATE",
      topic: "leaderboard:all_time",
      version: 42,
      data: aBoard({ version: 42 }),
    }),
  );

  expect(await screen.findByText("$26,000.00")).toBeVisible();
});

test("somebody who is not there, or hides, is not found", async () => {
  server.use(http.get(at("/users/:id"), () => problem(404, "No such player.")));
  renderSite("/players/99");

  expect(await screen.findByRole("heading", { name: "There is no such player" })).toBeVisible();
});

test("a settled race offers its proof, and says what it must hash to", async () => {
  const result = { version: 1, settledAt: AS_OF, proofSha256: "5f".repeat(32) };
  const { metadata, ...race } = aRace();
  server.use(
    http.get(at("/wager-races/:id"), () =>
      HttpResponse.json({
        ...race,
        status: "completed",
        metadata: { ...metadata, phase: "completed", result },
      }),
    ),
  );
  renderSite("/races/7");

  expect(await screen.findByRole("link", { name: "Proof of the result" })).toHaveAttribute(
    "href",
    "/api/wager-races/7/proof",
  );
  expect(screen.getByText("5f".repeat(32))).toBeVisible();
});

test("a race that is not there is a page that is not there", async () => {
  server.use(http.get(at("/wager-races/:id"), () => problem(404, "No race.")));
  renderSite("/races/99");

  expect(await screen.findByRole("heading", { name: "There is no such page" })).toBeVisible();
});

test("a lost connection is said, and its return too", async () => {
  renderSite("/races");
  await screen.findByRole("table");
  act(() => FakeSocket.last.open());
  expect(screen.getByTestId("connection")).toHaveTextContent("Live");

  act(() => FakeSocket.last.cut());
  expect(screen.getByTestId("connection")).toHaveTextContent("Offline");
  expect(await screen.findByText(/^Connection lost, reconnecting/)).toBeVisible();
  act(() => FakeSocket.last.open());

  await waitFor(() => expect(screen.queryByText(/^Connection lost/)).toBeNull());
  expect(screen.getByTestId("connection")).toHaveTextContent("Live");
});

test("the theme that was chosen is kept", async () => {
  renderSite("/races");

  await userEvent.click(await screen.findByRole("button", { name: "Switch to the dark theme" }));

  expect(document.documentElement.dataset.theme).toBe("dark");
  expect(localStorage.getItem("theme")).toBe("dark");
  expect(screen.getByRole("button", { name: "Switch to the light theme" })).toBeVisible();
});
