// Runs before the first paint, while the program is still on its way.
(() => {
  const frame = /^\/(overlay|embed)\//.exec(location.pathname)?.[1];
  if (frame) {
    // Over a stream, or within another site's page: what it looks like says the address.
    const page = document.documentElement;
    const theme = new URLSearchParams(location.search).get("theme");
    page.dataset.frame = frame;
    if (theme === "dark" || theme === "light") page.dataset.theme = theme;
    else if (frame === "overlay") page.dataset.theme = "dark";
    return;
  }
  try {
    // A reader who chose a theme never sees the other one flash.
    const theme = localStorage.getItem("theme");
    if (theme === "dark" || theme === "light") document.documentElement.dataset.theme = theme;
  } catch {
    // Storage may be forbidden; then the system's preference stands.
  }
  // What the page shows first is asked for meanwhile; its query asks for the same and is given this answer.
  const race = /^\/races\/(\d+)$/.exec(location.pathname);
  const first =
    location.pathname === "/"
      ? "/api/wager-races/current?type=monthly"
      : race && !location.search
        ? `/api/wager-races/${race[1]}`
        : null;
  if (first) {
    const hint = document.createElement("link");
    Object.assign(hint, { rel: "preload", as: "fetch", crossOrigin: "anonymous", href: first });
    document.head.append(hint);
  }
})();
