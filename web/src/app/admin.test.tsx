import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { beforeEach, expect, test, vi } from "vitest";
import type { components } from "@/api/schema";
import { AS_OF } from "@/testing/examples";
import { renderSite } from "@/testing/render-site";
import { at, problem, server } from "@/testing/server";

type Schemas = components["schemas"];
type Role = Schemas["Role"];

function me(role: Role, permissions: string[]) {
  return {
    csrfToken: "csrf-1",
    user: { id: 5, username: "boss", role, permissions, totpEnabled: false },
  };
}

const award: Schemas["AwardResponse"] = {
  id: 3,
  raceId: 7,
  race: "November race",
  playerId: 12,
  goatedId: "uid-ann",
  username: "ann",
  position: 1,
  amount: "300.00",
  status: "approved",
  createdAt: AS_OF,
  approvedAt: AS_OF,
  approvedBy: "user:5",
  paidAt: null,
  paidBy: null,
  reference: null,
  rejectedAt: null,
  rejectedBy: null,
  reason: null,
  version: 1,
};

beforeEach(() => {
  localStorage.setItem("signed-in", "1");
  // jsdom has no modal dialogs.
  HTMLDialogElement.prototype.showModal = function () {
    this.open = true;
  };
  HTMLDialogElement.prototype.close = function () {
    this.open = false;
  };
  server.use(
    http.get(at("/auth/me"), () =>
      HttpResponse.json(me("admin", ["awards:read", "awards:write", "users:read"])),
    ),
    http.get(at("/admin/awards"), () =>
      HttpResponse.json({
        data: [award],
        totals: [{ status: "approved", awards: 1, amount: "300.00" }],
        pagination: { total: 1, page: 1, limit: 50, pages: 1 },
      }),
    ),
  );
});

/** Fill in the dialog that says that ann was paid. */
async function sayPaid() {
  const user = userEvent.setup();
  renderSite("/admin/awards");
  await user.click(await screen.findByRole("button", { name: "Mark as paid" }));
  const dialog = screen.getByRole("dialog");
  await user.type(within(dialog).getByLabelText("Reference of the payment"), "W-1");
  await user.click(within(dialog).getByRole("button", { name: "Mark as paid" }));
  return { user, dialog };
}

test("whoever is no administrator finds no page, and asks the server for nothing of it", async () => {
  const asked = vi.fn();
  server.use(
    http.get(at("/auth/me"), () => HttpResponse.json(me("user", ["own"]))),
    http.get(at("/admin/awards"), asked),
  );

  renderSite("/admin/awards");

  expect(await screen.findByRole("heading", { name: "There is no such page" })).toBeVisible();
  expect(asked).not.toHaveBeenCalled();
});

test("a stranger is led to the door, and knows where he wanted to go", async () => {
  localStorage.clear();

  const { router } = renderSite("/admin/awards?status=pending");

  expect(await screen.findByRole("heading", { name: "Sign in" })).toBeVisible();
  expect(router.state.location.search).toEqual({ to: "/admin/awards?status=pending" });
});

test("the pages offered are those that his role may open", async () => {
  renderSite("/admin/awards");

  const pages = await screen.findByRole("navigation", { name: "Administration" });

  expect(
    within(pages)
      .getAllByRole("link")
      .map(({ textContent }) => textContent),
  ).toEqual(["Overview", "Awards", "Users", "To the site"]);
});

test("a payment that got no answer is sent again under the same key", async () => {
  const keys: (string | null)[] = [];
  server.use(
    http.post(at("/admin/awards/3/pay"), ({ request }) => {
      keys.push(request.headers.get("idempotency-key"));
      return keys.length === 1
        ? HttpResponse.error()
        : HttpResponse.json({ ...award, status: "paid", reference: "W-1" });
    }),
  );
  const { user, dialog } = await sayPaid();
  expect(await within(dialog).findByRole("alert")).toHaveTextContent("The server did not answer");

  await user.click(within(dialog).getByRole("button", { name: "Mark as paid" }));

  expect(await screen.findByText("ann is paid, $300.00.")).toBeVisible();
  expect(keys[0]).toBeTruthy();
  expect(keys[1]).toBe(keys[0]);
});

test("another reference is another payment, under a key of its own", async () => {
  const keys = new Set<string | null>();
  server.use(
    http.post(at("/admin/awards/3/pay"), ({ request }) => {
      keys.add(request.headers.get("idempotency-key"));
      return problem(409, "Somebody changed one of the awards meanwhile.");
    }),
  );
  const { user, dialog } = await sayPaid();
  await within(dialog).findByRole("alert");

  await user.type(within(dialog).getByLabelText("Reference of the payment"), "2");
  await user.click(within(dialog).getByRole("button", { name: "Mark as paid" }));

  await waitFor(() => expect(keys.size).toBe(2));
});

test("who approved may not pay, and reads so in the server's words", async () => {
  const refusal = "Award 3 was approved by you; under four eyes somebody else pays it.";
  server.use(http.post(at("/admin/awards/3/pay"), () => problem(409, refusal)));

  const { dialog } = await sayPaid();

  expect(await within(dialog).findByRole("alert")).toHaveTextContent(refusal);
  expect(within(dialog).getByLabelText("Reference of the payment")).toHaveValue("W-1");
});

test("what is wrong with a field is said at the field", async () => {
  server.use(
    http.post(at("/admin/awards/3/pay"), () =>
      HttpResponse.json(
        {
          title: "Invalid fields",
          status: 422,
          detail: "reference: is too long",
          errors: [{ field: "reference", message: "is too long" }],
        },
        { status: 422 },
      ),
    ),
  );

  const { dialog } = await sayPaid();

  await within(dialog).findByRole("alert");
  expect(within(dialog).getByLabelText("Reference of the payment")).toHaveAccessibleDescription(
    /is too long/,
  );
});

test("when the session has ended the password is asked for, and the same payment is sent again", async () => {
  const keys: (string | null)[] = [];
  const tokens: (string | null)[] = [];
  server.use(
    http.post(at("/admin/awards/3/pay"), ({ request }) => {
      keys.push(request.headers.get("idempotency-key"));
      tokens.push(request.headers.get("x-csrf-token"));
      return keys.length === 1
        ? problem(401, "Sign in first.")
        : HttpResponse.json({ ...award, status: "paid", reference: "W-1" });
    }),
    http.post(at("/auth/login"), () =>
      HttpResponse.json({ ...me("admin", ["awards:read", "awards:write"]), csrfToken: "csrf-2" }),
    ),
  );
  const { user } = await sayPaid();

  await user.type(await screen.findByLabelText("Password"), "correct horse battery{Enter}");

  expect(await screen.findByText("ann is paid, $300.00.")).toBeVisible();
  expect(keys[1]).toBe(keys[0]);
  expect(tokens).toEqual(["csrf-1", "csrf-2"]);
});
