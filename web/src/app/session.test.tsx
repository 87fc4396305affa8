import { act, screen } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { expect, test } from "vitest";
import { api, read } from "@/api/client";
import { meQuery, signedIn } from "@/session/me";
import { aMe } from "@/testing/examples";
import { renderSite } from "@/testing/render-site";
import { at, server } from "@/testing/server";
import { createQueryClient } from "./query-client";

test("a session that ended meanwhile is noticed at the first refusal", async () => {
  const cache = createQueryClient();
  signedIn(cache, aMe());
  server.use(
    http.get(at("/awards"), () =>
      HttpResponse.json({ status: 401, code: "not_signed_in", detail: "Sign in first." }, { status: 401 }),
    ),
  );

  await expect(
    cache.fetchQuery({ queryKey: ["own", "awards"], queryFn: () => read(api.GET("/api/awards")) }),
  ).rejects.toThrow("Sign in first.");

  expect(cache.getQueryData(meQuery.queryKey)).toBeNull();
  expect(localStorage.getItem("signed-in")).toBeNull();
});

test("what another tab does with the session is seen in this one", async () => {
  localStorage.removeItem("signed-in");
  renderSite("/races");
  expect(await screen.findByRole("link", { name: "Sign in" })).toBeVisible();
  server.use(http.get(at("/auth/me"), () => HttpResponse.json(aMe())));

  localStorage.setItem("signed-in", "1");
  act(() => void window.dispatchEvent(new StorageEvent("storage", { key: "signed-in", newValue: "1" })));

  expect(await screen.findByRole("link", { name: /ann/ })).toBeVisible();

  // The server has all that a browser keeps of a site cleared when somebody signs out.
  act(() => void window.dispatchEvent(new StorageEvent("storage", { key: null })));

  expect(await screen.findByRole("link", { name: "Sign in" })).toBeVisible();
});
