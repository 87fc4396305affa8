import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { beforeEach, expect, test } from "vitest";
import type { RaceList } from "@/api/types";
import { serverClock } from "@/lib/server-clock";
import { races } from "@/testing/examples";
import { renderSite } from "@/testing/render-site";
import { at, problem, server } from "@/testing/server";

const LIVE = { id: 7, name: "November race" };
const COMING = {
  id: 8,
  name: "December race",
  phase: "scheduled",
  status: "scheduled",
  startDate: "2026-12-01T00:00:00Z",
  endDate: "2026-12-08T00:00:00Z",
  timezone: "Europe/Berlin",
} as const;
const PAST = {
  id: 3,
  name: "October race",
  phase: "completed",
  status: "completed",
  winners: [{ goatedId: "uid-ann", username: "ann", wagered: 400, prize: 212.5 }],
} as const;

const asked: URLSearchParams[] = [];

/** Answer by status, as the server does. */
function listing(past: RaceList = races({ ...PAST, winners: [...PAST.winners] })) {
  return http.get(at("/wager-races"), ({ request }) => {
    const query = new URL(request.url).searchParams;
    asked.push(query);
    const status = query.get("status");
    if (status === "live") return HttpResponse.json(races(LIVE));
    if (status === "scheduled") return HttpResponse.json(races(COMING));
    return HttpResponse.json(past);
  });
}

beforeEach(() => {
  asked.length = 0;
  serverClock.restart(Date.UTC(2026, 10, 20, 12));
  server.use(listing());
});

test("what goes on is shown with its leader and what is left", async () => {
  renderSite("/races");

  const now = await screen.findByRole("region", { name: "Live now" });
  const card = await within(now).findByRole("link", { name: /November race/ });
  expect(card).toHaveAttribute("href", "/races/7");
  expect(await within(card).findByText("ann")).toBeVisible();
  expect(within(card).getByText(/^10 d 1[12] h left$/)).toBeVisible();
});

test("what is to come is a leaf of a calendar, in both zones on focus", async () => {
  renderSite("/races");

  const coming = await screen.findByRole("region", { name: "Coming up" });
  const leaf = (await within(coming).findByText("December race")).closest("li") as HTMLElement;
  expect(leaf).toHaveTextContent("7 days");
  await userEvent.hover(within(leaf).getByRole("button"));
  within(leaf).getByRole("button").focus();
  expect(await within(leaf).findByRole("tooltip")).toHaveTextContent("Europe/Berlin: Dec 1, 01:00 GMT+1");
});

test("what is over says who won, and has its address", async () => {
  renderSite("/races");

  const table = await screen.findByRole("table", { name: "Past races" });
  expect(within(table).getByRole("link", { name: "October race" })).toHaveAttribute("href", "/races/3");
  expect(within(table).getAllByRole("link", { name: "ann $212.50" })[0]).toHaveAttribute(
    "href",
    "/players/uid-ann",
  );
});

test("the archive is searched by name or winner, and by type", async () => {
  const { router } = renderSite("/races");
  await screen.findByRole("table", { name: "Past races" });

  await userEvent.type(screen.getByRole("searchbox", { name: "Find a race or a winner" }), "ann");
  await waitFor(() => expect(router.state.location.search).toMatchObject({ search: "ann" }));
  await userEvent.selectOptions(screen.getByRole("combobox", { name: "Type" }), "Weekly race");

  await waitFor(() =>
    expect(asked.at(-1)?.toString()).toBe("page=1&limit=20&status=completed&type=weekly&search=ann"),
  );
});

test("an archive without a hit can be shown whole again", async () => {
  server.use(listing({ ...races(), data: [] }));
  const { router } = renderSite("/races?search=zz&status=cancelled");
  expect(await screen.findByText("No race matches")).toBeVisible();

  await userEvent.click(screen.getByRole("button", { name: "Show all past races" }));

  expect(router.state.location.search).toEqual({});
  expect(await screen.findByText("No race is over yet")).toBeVisible();
});

test("a list that fails says so, and the others stay", async () => {
  server.use(
    http.get(at("/wager-races"), ({ request }) =>
      request.url.includes("status=completed")
        ? problem(503, "The boards are being loaded.")
        : HttpResponse.json(races(LIVE)),
    ),
  );
  renderSite("/races");

  expect(await screen.findByText("The boards are being loaded.")).toBeVisible();
  expect(await screen.findByRole("link", { name: /November race.*leads/i })).toBeVisible();
});

test("an address that nobody can mean is read as the first page of all", async () => {
  const { router } = renderSite("/races?page=-3&type=hourly&status=lost&search=x");
  await screen.findByRole("table", { name: "Past races" });

  expect(router.state.location.search).toEqual({});
});
