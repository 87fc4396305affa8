// Runs before the first paint of an overlay or of a frame on another site.
(() => {
  const page = document.documentElement;
  const theme = new URLSearchParams(location.search).get("theme");
  // An overlay lies over a picture and shows it through; a frame has a ground like any page.
  page.dataset.frame = location.pathname.startsWith("/overlay/") ? "overlay" : "embed";
  if (theme === "dark" || theme === "light") page.dataset.theme = theme;
  else if (page.dataset.frame === "overlay") page.dataset.theme = "dark";
})();
