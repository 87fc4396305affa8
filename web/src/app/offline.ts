/** How many of the last figures are kept when a page is left. */
const MOST = 12;

/** Let the site open without a connection: with its files, and with the public figures of the last visit. */
export async function keepForOffline(): Promise<void> {
  if (!("serviceWorker" in navigator)) return;
  try {
    await navigator.serviceWorker.register("/sw.js");
    keepFigures(await navigator.serviceWorker.ready);
  } catch {
    // Private windows and some settings forbid it; the site needs a connection then, as any other.
    return;
  }
  const { ready } = navigator.serviceWorker;
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") void ready.then(keepFigures);
  });
}

/** Name what this page has asked for; the worker keeps of it what is public. */
function keepFigures(registration: ServiceWorkerRegistration): void {
  const asked = performance.getEntriesByType("resource").map(({ name }) => name);
  const figures = asked.filter((name) => name.startsWith(`${window.location.origin}/api/`));
  const last = [...new Set(figures.toReversed())].slice(0, MOST);
  registration.active?.postMessage({ keep: last });
}
