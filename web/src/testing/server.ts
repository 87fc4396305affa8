import { HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import { aBoard, aHealth, aMe, aPlayer, aPosition, aRace, history, races, standings } from "./examples";
import { aPage, notices, tiers } from "./info-examples";

/** A path of the API, whatever host jsdom believes to be on. */
export const at = (path: string) => `*/api${path}`;

export function problem(status: number, detail: string) {
  return HttpResponse.json({ title: "No", status, detail, requestId: "req-1" }, { status });
}

/** A server on which all is well; a test replaces the answer it is about. */
export const server = setupServer(
  http.get(at("/health"), () => HttpResponse.json(aHealth())),
  http.get(at("/wager-races/current"), () => HttpResponse.json(aRace())),
  http.get(at("/wager-races/previous"), () => problem(404, "No race.")),
  http.get(at("/wager-races"), () => HttpResponse.json(races())),
  http.get(at("/wager-races/:id"), () => HttpResponse.json(aRace())),
  http.get(at("/wager-races/:id/standings"), () => HttpResponse.json(standings())),
  http.get(at("/wager-races/:id/position/:person"), () => HttpResponse.json(aPosition())),
  http.get(at("/leaderboard"), ({ request }) => {
    const query = new URL(request.url).searchParams;
    return HttpResponse.json(aBoard({ page: Number(query.get("page")), search: query.get("search") ?? "" }));
  }),
  http.get(at("/users/:id"), () => HttpResponse.json(aPlayer())),
  http.get(at("/site"), () => HttpResponse.json(notices())),
  http.get(at("/pages/:name"), () => HttpResponse.json(aPage())),
  http.get(at("/tiers"), () => HttpResponse.json(tiers())),
  http.get(at("/users/:id/history"), () => HttpResponse.json(history())),
);

/** Let somebody be signed in, as the server tells it to a browser that was let in before. */
export function signIn(me = aMe()) {
  localStorage.setItem("signed-in", "1");
  server.use(http.get(at("/auth/me"), () => HttpResponse.json(me)));
}
