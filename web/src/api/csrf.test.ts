import { HttpResponse, http } from "msw";
import { expect, test } from "vitest";
import { aMe } from "@/testing/examples";
import { at, server } from "@/testing/server";
import { api, read } from "./client";
import { holdCsrfToken } from "./csrf";

/** A server whose session has this token. */
function serverWith(token: string): string[] {
  const seen: string[] = [];
  server.use(
    http.get(at("/auth/me"), () => HttpResponse.json({ ...aMe(), csrfToken: token })),
    http.put(at("/users/me/privacy"), async ({ request }) => {
      const given = request.headers.get("x-csrf-token") ?? "none";
      seen.push(given);
      const body = await request.json();
      if (given === token) return HttpResponse.json({ ...aMe().user, ...(body as object) });
      return HttpResponse.json({ status: 403, code: "csrf_token_needed", detail: "No." }, { status: 403 });
    }),
  );
  return seen;
}

const hide = () => read(api.PUT("/api/users/me/privacy", { body: { privacy: "hidden" } }));

test("a write carries the session's token", async () => {
  const seen = serverWith("first");
  holdCsrfToken("first");

  expect(await hide()).toMatchObject({ privacy: "hidden" });
  expect(seen).toEqual(["first"]);
});

test("a token of a session before is replaced, and the same write is sent once more", async () => {
  serverWith("first");
  holdCsrfToken("first");
  const seen = serverWith("second");

  expect(await hide()).toMatchObject({ privacy: "hidden" });
  expect(seen).toEqual(["first", "second"]);
});

test("a write that is refused twice is not sent a third time", async () => {
  const seen = serverWith("first");
  server.use(http.get(at("/auth/me"), () => HttpResponse.json({ ...aMe(), csrfToken: "wrong" })));
  holdCsrfToken("wrong");

  await expect(hide()).rejects.toMatchObject({ status: 403, code: "csrf_token_needed" });
  expect(seen).toEqual(["wrong", "wrong"]);
});
