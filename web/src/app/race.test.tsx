import { act, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { beforeEach, expect, test, vi } from "vitest";
import type { RacePosition } from "@/api/types";
import { serverClock } from "@/lib/server-clock";
import { AS_OF, aMe, aPosition, aRace, standing } from "@/testing/examples";
import { FakeSocket } from "@/testing/fake-socket";
import { renderSite } from "@/testing/render-site";
import { at, problem, server, signIn } from "@/testing/server";

beforeEach(() => serverClock.restart(Date.UTC(2026, 10, 20, 12)));

const signedIn = (position: Partial<RacePosition> = {}) => {
  signIn();
  server.use(http.get(at("/wager-races/:id/position/:person"), () => HttpResponse.json(aPosition(position))));
};

const sessionOver = () => {
  signIn();
  server.use(http.get(at("/auth/me"), () => problem(401, "Sign in first.")));
};

const report = (version: number, leader: string) =>
  FakeSocket.last.say({
    type: "RACE_UPDATE",
    topic: "race:7",
    version,
    data: aRace({ participants: [standing(leader, 999, 1, 300)] }, { version }),
  });

test("one's own place is pinned, with the gaps to the next place and to the last that pays", async () => {
  signedIn({ position: 4, wagered: 100, toNext: 100.5, toPrize: 250 });
  renderSite("/races/7");

  const mine = await screen.findByRole("region", { name: "Your place" });
  expect(mine).toHaveTextContent("4thYou · ann$100.00");
  expect(mine).toHaveTextContent("$100.50 to the next place");
  expect(mine).toHaveTextContent("$250.00 to place 3, the last that pays");
});

test("who leads lacks nothing and is told what he gets", async () => {
  signedIn({ position: 1, wagered: 400, prize: 300, toNext: null, toPrize: null });
  renderSite("/races/7");

  const mine = await screen.findByRole("region", { name: "Your place" });
  expect(mine).toHaveTextContent("1st");
  expect(mine).toHaveTextContent("You lead$300 as it stands");
});

test.each([
  ["nobody is signed in", () => {}],
  ["his session has ended", () => sessionOver()],
  ["the account has no player", () => signIn(aMe({ goatedId: null }))],
])("nothing is pinned where %s", async (_, prepare) => {
  prepare();
  renderSite("/races/7");

  await screen.findByRole("table", { name: "Next places" });
  expect(screen.queryByRole("region", { name: "Your place" })).toBeNull();
});

test("one's own row is a press away, wherever it is", async () => {
  signedIn({ position: 205 });
  const { router } = renderSite("/races/7");

  await userEvent.click(await screen.findByRole("button", { name: "Show me" }));

  expect(router.state.location.search).toMatchObject({ page: 3, rank: 205 });
});

test("any place says how it was counted, in a sum and in sentences", async () => {
  const counted = { runId: 5, asOf: AS_OF, reportSha256: "ab", storedAt: AS_OF };
  server.use(
    http.get(at("/wager-races/:id/position/:person"), ({ params, request }) => {
      expect([params.person, new URL(request.url).search]).toEqual(["uid-dan", "?explain=true"]);
      return HttpResponse.json(
        aPosition({
          explanation: {
            startTotal: "50.00000000",
            endTotal: "150.12345678",
            startReport: counted,
            endReport: counted,
            reachedIn: counted,
            isFinal: false,
            rules: ["The larger amount stands higher."],
            marks: [{ code: "renamed", text: "This player's name changed." }],
          },
        }),
      );
    }),
  );
  renderSite("/races/7");

  await userEvent.click(await screen.findByRole("button", { name: "Place 4: how it was counted" }));

  const why = await screen.findByRole("dialog", { name: "Why is dan 4th?" });
  expect(await within(why).findByText("The larger amount stands higher.")).toBeVisible();
  expect(why).toHaveTextContent("$150.12345678");
  expect(why).toHaveTextContent("− $50.00");
  expect(why).toHaveTextContent("This player's name changed.");
  await userEvent.click(within(why).getByRole("button", { name: "Close" }));
  expect(screen.queryByRole("dialog")).toBeNull();
});

test("while it is paused nothing moves, and it says that newer figures wait", async () => {
  renderSite("/races/7");
  await screen.findByRole("table", { name: "Next places" });
  act(() => FakeSocket.last.open());

  await userEvent.click(screen.getByRole("button", { name: "Pause" }));
  act(() => report(42, "zoe"));

  expect(await screen.findByText("Paused. Newer figures wait.")).toBeVisible();
  expect(screen.queryByText("zoe")).toBeNull();
  await userEvent.click(screen.getByRole("button", { name: "Go on" }));
  expect(await screen.findByText("zoe")).toBeVisible();
});

test("a place far down is a number away", async () => {
  server.use(
    http.get(at("/wager-races/:id"), () => HttpResponse.json(aRace({}, { participantCount: 1_250 }))),
    http.get(at("/wager-races/:id/standings"), ({ request }) => {
      const page = Number(new URL(request.url).searchParams.get("page"));
      return HttpResponse.json({
        data: [standing("far", 1, (page - 1) * 100 + 5)],
        metadata: { ...aRace().metadata },
        pagination: { total: 1_250, page, limit: 100, pages: 13 },
      });
    }),
  );
  renderSite("/races/7");

  await userEvent.type(await screen.findByLabelText("Go to rank"), "1205{Enter}");

  await waitFor(() => expect(document.activeElement).toHaveTextContent("far"));
});

test("a player is found in a race by part of his name", async () => {
  server.use(
    http.get(at("/wager-races/:id"), () => HttpResponse.json(aRace({}, { participantCount: 1_250 }))),
    http.get(at("/wager-races/:id/standings"), ({ request }) => {
      const wanted = new URL(request.url).searchParams.get("search");
      const data = wanted === "eve" ? [standing("eve", 3, 777)] : [];
      return HttpResponse.json({
        data,
        metadata: aRace().metadata,
        pagination: { total: data.length, page: 1, limit: 100, pages: 1 },
      });
    }),
  );
  renderSite("/races/7");

  const box = await screen.findByRole("searchbox", { name: "Find a player" });
  await userEvent.type(box, "eve");
  expect(await screen.findByRole("rowheader", { name: "eve" })).toBeVisible();
  expect(screen.getByText("1 found for “eve”")).toBeVisible();
  await userEvent.type(box, "x");
  expect(await screen.findByText("No player in this race matches")).toBeVisible();
});

test("the rules are told in sentences, those of this race", async () => {
  server.use(
    http.get(at("/wager-races/:id"), () =>
      HttpResponse.json(aRace({}, { tiePolicy: "shared", minWager: "25.00", timezone: "Europe/Berlin" })),
    ),
  );
  renderSite("/races/7");

  const rules = await screen.findByRole("region", { name: "How this race counts" });
  expect(rules).toHaveTextContent("from Nov 1, 01:00 GMT+1 up to, but not including, Dec 1, 01:00 GMT+1");
  expect(rules).toHaveTextContent("Equal amounts share a place");
  expect(rules).toHaveTextContent("Only players who wagered $25.00 or more take a place.");
});

test("a race of one player has a podium of one and no table", async () => {
  const alone = aRace({ participants: [standing("ann", 400, 1, 300)] }, { participantCount: 1 });
  server.use(http.get(at("/wager-races/:id"), () => HttpResponse.json(alone)));
  renderSite("/races/7");

  const podium = await screen.findByRole("region", { name: "Podium" });
  expect(within(podium).getAllByRole("listitem")).toHaveLength(1);
  expect(screen.getByText("1 player")).toBeVisible();
  expect(screen.queryByRole("table")).toBeNull();
});

test.each(["scheduled", "live", "settling", "completed", "cancelled"] as const)(
  "a %s race says so",
  async (phase) => {
    server.use(http.get(at("/wager-races/:id"), () => HttpResponse.json(aRace({}, { phase }))));
    renderSite("/races/7");

    const badge = (await screen.findByRole("heading", { name: "November race" }))
      .closest("header")
      ?.querySelector("[data-phase]");
    expect(badge).toHaveTextContent(new RegExp(`^${phase}$`, "i"));
  },
);

test("a link is shared by the device, or copied where it does not share", async () => {
  const share = vi.fn(() => Promise.resolve());
  renderSite("/races/7");
  const user = userEvent.setup();
  const button = await screen.findByRole("button", { name: "Share" });

  await user.click(button);
  expect(await screen.findByText("The link is copied.")).toBeVisible();
  expect(await navigator.clipboard.readText()).toBe(window.location.href);

  Object.assign(navigator, { share });
  await user.click(button);
  expect(share).toHaveBeenCalledWith({ title: "November race", url: window.location.href });
  Reflect.deleteProperty(navigator, "share");
});

test("whoever hides himself has a place, but no way to ask about him", async () => {
  const hidden = { ...standing("Hidden player", 100, 4), goatedId: "hidden-1" };
  const race = aRace();
  server.use(
    http.get(at("/wager-races/:id"), () =>
      HttpResponse.json({ ...race, participants: [...race.participants.slice(0, 3), hidden] }),
    ),
  );
  renderSite("/races/7");

  const row = await screen.findByRole("row", { name: /Hidden player/ });
  expect(within(row).queryByRole("button")).toBeNull();
  expect(within(row).queryByRole("link")).toBeNull();
});
