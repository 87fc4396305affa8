import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { expect, test, vi } from "vitest";
import { aPage, notices } from "@/testing/info-examples";
import { renderSite } from "@/testing/render-site";
import { at, problem, server } from "@/testing/server";

test("the tiers stand from the highest down, with what they ask for and who is in them", async () => {
  renderSite("/tiers");

  const rows = await screen.findAllByRole("heading", { level: 2 });
  expect(rows.map((row) => row.textContent)).toEqual(["Silver", "Bronze"]);
  expect(screen.getByText("from $10,000")).toBeVisible();
  expect(screen.getByText("1 player")).toBeVisible();
  expect(screen.getByText("25% of all")).toBeVisible();
  expect(screen.getByText("Entry to monthly races")).toBeVisible();
});

test("tiers that did not load can be asked for again", async () => {
  server.use(http.get(at("/tiers"), () => problem(503, "Not yet."), { once: true }));
  renderSite("/tiers");

  await userEvent.click(await screen.findByRole("button", { name: "Try again" }));

  expect(await screen.findByRole("heading", { name: "Silver" })).toBeVisible();
});

test("a written page has the operator's title, words and contents", async () => {
  renderSite("/rules");

  expect(await screen.findByRole("heading", { level: 1, name: "Our rules" })).toBeVisible();
  const contents = screen.getByRole("navigation", { name: "On this page" });
  expect(within(contents).getByRole("link", { name: "Places & prizes" })).toHaveAttribute("href", "#places");
  await waitFor(() => expect(document.title).toBe("Our rules · GoatedVIPs"));
  expect(document.querySelector("link[rel=canonical]")).toHaveAttribute(
    "href",
    expect.stringMatching(/\/rules$/),
  );
});

test("a link within the site leads on without loading it anew", async () => {
  const { router } = renderSite("/rules");

  await userEvent.click(await screen.findByRole("link", { name: "the proof" }));

  expect(router.state.location.pathname).toBe("/fairness");
});

test("a page that is broken says so in the server's words", async () => {
  server.use(http.get(at("/pages/:name"), () => problem(503, "terms.md cannot be read: it is not text.")));
  renderSite("/terms");

  expect(await screen.findByText("terms.md cannot be read: it is not text.")).toBeVisible();
});

test("help lines begin with the reader's own country", async () => {
  vi.spyOn(navigator, "languages", "get").mockReturnValue(["de-AT", "de"]);
  renderSite("/help");

  const table = await screen.findByRole("table", { name: "Talk to somebody" });
  const countries = within(table)
    .getAllByRole("rowheader")
    .map((cell) => cell.textContent);
  expect(countries).toEqual(["Austria", "Everywhere", "United Kingdom"]);
  expect(screen.getByRole("complementary", { name: "Talk to somebody" })).toHaveTextContent(
    "Help in Austria",
  );
  expect(screen.getAllByRole("link", { name: "01 23" })[0]).toHaveAttribute("href", "tel:0123");
});

test("every page tells the age, the advertising and where there is help", async () => {
  server.use(http.get(at("/site"), () => HttpResponse.json(notices({ minimumAge: 21, adLabel: "Werbung" }))));
  renderSite("/tiers");

  const footer = within(await screen.findByRole("contentinfo"));
  expect(await footer.findByText("Werbung")).toBeVisible();
  expect(footer.getByRole("img", { name: "Only for people of 21 years and older" })).toBeVisible();
  expect(footer.getByRole("link", { name: "Privacy" })).toHaveAttribute("href", "/privacy");
});

test("a page in another language than asked for says which it is", async () => {
  server.use(http.get(at("/pages/:name"), () => HttpResponse.json(aPage({ lang: "fr", title: "Règles" }))));
  renderSite("/rules");

  expect(await screen.findByRole("heading", { level: 1, name: "Règles" })).toHaveAttribute("lang", "fr");
});

test("a page that is not there is kept out of search engines", async () => {
  renderSite("/no/such/page");

  await screen.findByText("There is no such page");
  expect(document.querySelector('meta[name="robots"]')).toHaveAttribute("content", "noindex");
});
