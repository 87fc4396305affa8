import { QueryClientProvider } from "@tanstack/react-query";
import { act, render, screen, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { expect, test } from "vitest";
import { liveSocketFor } from "@/app/live";
import { createQueryClient } from "@/app/query-client";
import { LiveProvider } from "@/live/live-context";
import { aRace } from "@/testing/examples";
import { FakeSocket } from "@/testing/fake-socket";
import { at, problem, server } from "@/testing/server";
import { FrameApp } from "./frame-app";

const OWN = {
  position: 12,
  wagered: 40,
  prize: 0,
  toNext: 5.25,
  toPrize: 90,
  participants: 20,
  asOf: null,
  version: 41,
};

function open(address: string) {
  const cache = createQueryClient();
  cache.setDefaultOptions({ queries: { ...cache.getDefaultOptions().queries, retry: false } });
  return render(
    <QueryClientProvider client={cache}>
      <LiveProvider socket={liveSocketFor(cache)}>
        <FrameApp address={new URL(address, "https://vips.example")} />
      </LiveProvider>
    </QueryClientProvider>,
  );
}

function letIn(tokens: (string | null)[] = [], standing: object | null = OWN) {
  server.use(
    http.get(at("/overlay/races/:id"), ({ request }) => {
      tokens.push(request.headers.get("authorization"));
      return HttpResponse.json({ username: "streamer", standing });
    }),
  );
  return tokens;
}

test("an overlay shows the first few and the place of its token's owner", async () => {
  const tokens = letIn();
  open("/overlay/race/7?token=gvip_x&top=2");

  const rows = within(await screen.findByRole("list")).getAllByRole("listitem");
  expect(rows.map((row) => row.textContent)).toEqual(["1ann$400.00$300", "2bob$300.00$150"]);
  expect(screen.getByTestId("own")).toHaveTextContent("12streamer you$5.25 to the next place");
  expect(tokens).toEqual(["Bearer gvip_x"]);
});

test("with a new version it moves, and asks for the owner's place again", async () => {
  const tokens = letIn();
  open("/overlay/race/7?token=gvip_x&top=1");
  await screen.findByText("ann");

  const race = aRace({}, { version: 42 });
  const [first, second, ...others] = race.participants;
  if (!first || !second) throw new Error("The example has too few participants.");
  const data = {
    ...race,
    participants: [{ ...second, position: 1, wagered: 900 }, { ...first, position: 2 }, ...others],
  };
  act(() => FakeSocket.last.open());
  act(() => FakeSocket.last.say({ type: "RACE_UPDATE", topic: "race:7", version: 42, data }));

  expect(await screen.findByText("bob")).toBeVisible();
  await expect.poll(() => tokens.length).toBe(2);
});

test("an owner without a player has no line of his own", async () => {
  letIn([], null);
  open("/overlay/race/7?token=gvip_x");

  expect(await screen.findByText("ann")).toBeVisible();
  expect(screen.queryByTestId("own")).toBeNull();
});

test.each([401, 403])("a token that is refused (%i) shows nothing of the race", async (status) => {
  server.use(http.get(at("/overlay/races/:id"), () => problem(status, "No.")));
  open("/overlay/race/7?token=gvip_x");

  expect(await screen.findByRole("status")).toHaveTextContent("does not work any more");
  expect(screen.queryByText("ann")).toBeNull();
});

test("without a token there is no overlay", () => {
  open("/overlay/race/7");

  expect(screen.getByRole("status")).toHaveTextContent("needs a token");
});

test("a race that is not there is said not to be", async () => {
  letIn();
  server.use(http.get(at("/wager-races/:id"), () => problem(404, "No race.")));
  open("/embed/race/8");

  expect(await screen.findByText("There is no such race.")).toBeVisible();
});

test("the race of a type that goes on is found by its type", async () => {
  open("/embed/race/current?type=weekly");

  expect(await screen.findByRole("heading", { name: "November race" })).toBeVisible();
  const link = screen.getByRole("link", { name: "Open on GoatedVIPs" });
  expect([link.getAttribute("href"), link.getAttribute("target")]).toEqual(["/races/7", "_blank"]);
});

test("a board is framed with its window", async () => {
  open("/embed/leaderboard?period=today&top=3");

  expect(await screen.findByRole("heading", { name: "Leaderboard: Today" })).toBeVisible();
  expect(screen.getAllByRole("listitem")).toHaveLength(3);
});

test("an address that is nothing says so", () => {
  open("/embed/nothing");

  expect(screen.getByRole("status")).toHaveTextContent("nothing to show");
});
