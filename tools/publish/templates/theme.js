// Light or dark, as chosen last, else as the system says. Printed, everything is light.
(() => {
  const root = document.documentElement;
  const kept = (() => { try { return localStorage.getItem("theme"); } catch { return null; } })();
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = kept ?? (dark ? "dark" : "light");
  document.addEventListener("DOMContentLoaded", () => {
    const button = document.querySelector(".theme-switch");
    const label = () => {
      button.textContent = root.dataset.theme === "dark" ? "Light" : "Dark";
    };
    button.addEventListener("click", () => {
      root.dataset.theme = root.dataset.theme === "dark" ? "light" : "dark";
      try { localStorage.setItem("theme", root.dataset.theme); } catch { /* not kept, then */ }
      label();
    });
    for (const wide of document.querySelectorAll("math[display=block], .wide")) {
      if (wide.scrollWidth > wide.clientWidth) wide.tabIndex = 0; // so that keys can scroll it
    }
    button.hidden = /receiver/.test(location.search); // a preview in the window of notes
    label();
  });
})();
