"use strict";
// Light or dark: as the system says, until the button is pressed.
const theme = (() => {
  const root = document.documentElement, button = document.getElementById("theme");
  const system = matchMedia("(prefers-color-scheme: dark)");
  const listeners = [];
  const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : system.matches);
  const changed = () => {
    button.textContent = isDark() ? "Light" : "Dark";
    button.setAttribute("aria-label", `Change to ${isDark() ? "light" : "dark"} colours`);
    for (const listener of listeners) listener();
  };
  button.addEventListener("click", () => { root.dataset.theme = isDark() ? "light" : "dark"; changed(); });
  system.addEventListener("change", changed);
  changed();
  return {
    isDark,
    onChange: listener => listeners.push(listener),
    color: name => getComputedStyle(root).getPropertyValue(`--${name}`).trim(),
  };
})();
