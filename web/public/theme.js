// Runs before the first paint, so that a reader who chose a theme never sees the other one flash.
(() => {
  try {
    const theme = localStorage.getItem("theme");
    if (theme === "dark" || theme === "light") document.documentElement.dataset.theme = theme;
  } catch {
    // Storage may be forbidden; then the system's preference stands.
  }
})();
