import { act, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { expect, test } from "vitest";
import type { LeaderboardData } from "@/api/types";
import { aBoard, entry } from "@/testing/examples";
import { FakeSocket } from "@/testing/fake-socket";
import { renderSite } from "@/testing/render-site";
import { at, problem, server, signIn } from "@/testing/server";

const MOMENTS = { 41: "2026-11-20T12:00:00Z", 42: "2026-11-20T12:05:00Z" } as const;
type Version = keyof typeof MOMENTS;

/** A board of 250 in which the last one of version 41 leads at version 42: everybody else moves by one. */
function boardAt(version: Version, page: number): LeaderboardData {
  const board = aBoard({ page, version });
  const last = entry("player250", 20_000, 1, 250);
  const moved = (rank: number) =>
    rank === 1 ? last : entry(`player${rank - 1}`, 10_000 - rank + 2, rank, rank - 1);
  return {
    ...board,
    data: version === 41 ? board.data : board.data.map(({ rank }) => moved(rank ?? 0)),
    metadata: { ...board.metadata, asOf: MOMENTS[version] },
  };
}

const versionOf = (asOf: string | null): Version => (asOf === MOMENTS[42] ? 42 : 41);

const tell = (version: Version) =>
  FakeSocket.last.say({
    type: "LEADERBOARD_UPDATE",
    topic: "leaderboard:all_time",
    version,
    data: boardAt(version, 1),
  });

const ranks = () =>
  within(screen.getByRole("table", { name: /^Leaderboard/ }))
    .getAllByRole("rowheader")
    .map((cell) => Number(cell.closest("tr")?.querySelector("td")?.textContent?.match(/\d+/)?.[0]));

const names = () =>
  within(screen.getByRole("table", { name: /^Leaderboard/ }))
    .getAllByRole("rowheader")
    .map((cell) => cell.querySelector("bdi")?.textContent);

test("further pages are asked for as of the first one", async () => {
  const asked: string[] = [];
  server.use(
    http.get(at("/leaderboard"), ({ request }) => {
      const query = new URL(request.url).searchParams;
      asked.push(`${query.get("page")} ${query.get("asOf")}`);
      return HttpResponse.json(boardAt(versionOf(query.get("asOf")), Number(query.get("page"))));
    }),
  );
  renderSite("/leaderboard?rank=205");

  await waitFor(() => expect(document.activeElement).toHaveTextContent("player205"));
  expect(asked).toContain("1 null");
  expect(asked).toContain(`3 ${MOMENTS[41]}`);
});

test("a report changes all rows at once: none is twice there, and none is missing meanwhile", async () => {
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  server.use(
    http.get(at("/leaderboard"), async ({ request }) => {
      const query = new URL(request.url).searchParams;
      const version = versionOf(query.get("asOf"));
      if (version === 42) await held;
      return HttpResponse.json(boardAt(version, Number(query.get("page"))));
    }),
  );
  renderSite("/leaderboard?rank=101");
  await waitFor(() => expect(document.activeElement).toHaveTextContent("player101"));
  act(() => FakeSocket.last.open());

  act(() => tell(42));
  const before = names();
  expect(new Set(before).size).toBe(before.length);
  expect(before).toContain("player101");
  act(() => release());

  await waitFor(() => expect(names()).not.toEqual(before));
  const [first] = ranks();
  expect(ranks()).toEqual(ranks().map((_, step) => (first ?? 0) + step));
  expect(new Set(names()).size).toBe(names().length);
  expect(names()[0]).toBe(`player${(first ?? 0) - 1}`);
});

test("a part that did not come says so, and can be asked for again", async () => {
  server.use(
    http.get(at("/leaderboard"), ({ request }) => {
      const page = Number(new URL(request.url).searchParams.get("page"));
      return page === 3 ? problem(503, "Not now.") : HttpResponse.json(boardAt(41, page));
    }),
  );
  renderSite("/leaderboard?rank=205");
  expect(await screen.findByText(/Some rows did not load/)).toBeVisible();

  server.resetHandlers();
  await userEvent.click(screen.getByRole("button", { name: "Try again" }));

  expect(await screen.findByText("player205")).toBeVisible();
  expect(screen.queryByText(/Some rows did not load/)).toBeNull();
});

test("one's own row is pinned, with what one lacks to the rank above", async () => {
  signIn();
  server.use(
    http.get(at("/leaderboard/around/:person"), ({ params }) => {
      expect(params.person).toBe("uid-ann");
      const { metadata } = aBoard();
      return HttpResponse.json({ data: [entry("bob", 120, 7), entry("ann", 100, 8)], metadata });
    }),
  );
  const { router } = renderSite("/leaderboard");

  const mine = await screen.findByRole("region", { name: "Your rank" });
  expect(mine).toHaveTextContent("8thYou · ann$100.00$20.00 to rank 7");
  await userEvent.click(within(mine).getByRole("button", { name: "Show me" }));
  expect(router.state.location.search).toMatchObject({ rank: 8 });
  await waitFor(() => expect(document.activeElement).toHaveTextContent("player8"));
});

test("a board can be kept as a file", async () => {
  renderSite("/leaderboard?period=today");

  expect(await screen.findByRole("link", { name: "Board as CSV" })).toHaveAttribute(
    "href",
    "/api/leaderboard.csv?period=today",
  );
  expect(screen.queryByRole("button", { name: "Who moved most in a day" })).toBeNull();
});

test("who moved most is compared with the board of a day ago, and only when asked for", async () => {
  const now = [entry("eve", 9, 1), entry("ann", 8, 2), entry("cat", 7, 3), entry("zoe", 6, 4)];
  const then = [entry("ann", 4, 1), entry("cat", 3, 3), entry("bob", 2, 4), entry("eve", 1, 40)];
  server.use(
    http.get(at("/leaderboard"), ({ request }) => {
      const asOf = new URL(request.url).searchParams.get("asOf");
      return HttpResponse.json({ ...aBoard(), data: asOf === null ? now : then });
    }),
  );
  renderSite("/leaderboard");

  await userEvent.click(await screen.findByRole("button", { name: "Who moved most in a day" }));

  const movers = await screen.findByRole("region", { name: "Top movers" });
  const told = (await within(movers).findAllByRole("listitem")).map((item) => item.textContent);
  expect(told).toEqual(["eve▲39up 39now 1", "ann▼1down 1now 2", "zoenew in the first hundrednow 4"]);
});
