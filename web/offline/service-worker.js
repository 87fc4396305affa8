// Lets the site open without a connection: its own files, and the public figures that were seen last.
// `plugins/offline-shell.ts` puts in what to keep and writes the result as `/sw.js`.

/* global __VERSION__, __FILES__ */
const SHELL = `shell-${__VERSION__}`;
const FILES = __FILES__;
const FIGURES = "figures-1";
const MOST_FIGURES = 40;
/** A connection that takes longer than this is as good as none, if there is something to show. */
const PATIENCE = 6_000;

/** What is the same for everybody. Whatever is somebody's own (accounts, administration) is not here. */
const PUBLIC =
  /^\/api\/(health|site|tiers|pages\/[a-z-]+|leaderboard|wager-races(\/(current|previous|\d+(\/standings)?))?)$/;
const NOT_OURS = /^\/(api|admin|docs|embed|overlay|ws)(\/|$)/;

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(SHELL).then((shell) => shell.addAll(["/", ...FILES])));
});

self.addEventListener("activate", (event) => {
  const clear = async () => {
    const old = (await caches.keys()).filter((name) => name !== SHELL && name !== FIGURES);
    await Promise.all(old.map((name) => caches.delete(name)));
    await self.clients.claim();
  };
  event.waitUntil(clear());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    if (!NOT_OURS.test(url.pathname)) event.respondWith(page(request));
  } else if (FILES.includes(url.pathname)) {
    event.respondWith(file(request));
  } else if (isPublic(request)) {
    event.respondWith(figure(event, request));
  }
});

// A page that is left names what it showed: the socket has moved it on since, so it is fetched once more.
self.addEventListener("message", (event) => {
  const addresses = Array.isArray(event.data?.keep) ? event.data.keep : [];
  const requests = addresses.map((address) => new Request(address)).filter(isPublic);
  const fetched = requests.map((request) => fetch(request).then((answer) => keep(request, answer)));
  event.waitUntil(Promise.allSettled(fetched));
});

function isPublic(request) {
  const url = new URL(request.url);
  return (
    url.origin === self.location.origin && PUBLIC.test(url.pathname) && !request.headers.has("authorization")
  );
}

async function page(request) {
  const shell = () => caches.match("/", { cacheName: SHELL });
  return (await inTime(fetch(request), shell)) ?? Response.error();
}

async function file(request) {
  const held = await caches.match(new URL(request.url).pathname, { cacheName: SHELL });
  return held ?? fetch(request);
}

async function figure(event, request) {
  const asked = fetch(request).then((answer) => {
    event.waitUntil(keep(request, answer.clone()));
    return answer;
  });
  return (await inTime(asked, () => held(request))) ?? asked;
}

/** The answer of the network; what is kept, if there is something, when it fails or takes too long. */
async function inTime(asked, kept) {
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE));
  const answer = await Promise.race([asked.catch(() => undefined), late]);
  // What stands before a server that is away answers in its place.
  if (answer && ![502, 503, 504].includes(answer.status)) return answer;
  return (await kept()) ?? answer;
}

async function keep(request, answer) {
  const forbidden = /no-store|private/.test(answer.headers.get("cache-control") ?? "");
  if (answer.status !== 200 || answer.type !== "basic" || forbidden) return;
  const headers = new Headers(answer.headers);
  headers.set("x-kept-at", String(Date.now()));
  // Whole, before what is held goes: the connection may end in the middle of it.
  const body = await answer.blob();
  const figures = await caches.open(FIGURES);
  // The newest stand last, so that the oldest go first.
  await figures.delete(request.url);
  await figures.put(request.url, new Response(body, { headers }));
  const all = await figures.keys();
  await Promise.all(all.slice(0, Math.max(0, all.length - MOST_FIGURES)).map((old) => figures.delete(old)));
}

/** Give what is kept, and say for how long it has been: by this machine's clock at both ends, right or wrong. */
async function held(request) {
  const kept = await caches.match(request.url, { cacheName: FIGURES });
  if (!kept) return undefined;
  const headers = new Headers(kept.headers);
  headers.set("x-kept-for", String(Math.max(0, Date.now() - Number(headers.get("x-kept-at")))));
  return new Response(await kept.blob(), { headers });
}
