"use strict";
// Light or dark: as the system says, until the button is pressed.
const theme = (() => {
  const root = document.documentElement, button = document.getElementById("theme");
  const system = matchMedia("(prefers-color-scheme: dark)");
  const listeners = new Set();
  const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : system.matches);
  const changed = () => {
    button.textContent = isDark() ? "Light" : "Dark";
    button.setAttribute("aria-label", `Change to ${isDark() ? "light" : "dark"} colours`);
    for (const listener of listeners) listener();
  };
  button.addEventListener("click", () => { root.dataset.theme = isDark() ? "light" : "dark"; changed(); });
  system.addEventListener("change", changed);
  changed();
  // Paper is white, whatever the screen shows.
  let screen = null;
  addEventListener("beforeprint", () => { screen = root.dataset.theme ?? ""; root.dataset.theme = "light"; changed(); });
  addEventListener("afterprint", () => { if (screen) root.dataset.theme = screen; else delete root.dataset.theme; changed(); });
  return {
    isDark,
    // Returns what ends it.
    onChange: listener => { listeners.add(listener); return () => listeners.delete(listener); },
    color: name => getComputedStyle(root).getPropertyValue(`--${name}`).trim(),
  };
})();
