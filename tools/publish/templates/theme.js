// Light or dark, as chosen last, else as the system says. Printed, everything is light.
(() => {
  const root = document.documentElement;
  const kept = (() => { try { return localStorage.getItem("theme"); } catch { return null; } })();
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = kept ?? (dark ? "dark" : "light");

  // A figure is a PNG with its other palette beside it, in base64: the two change places.
  const start = "data:image/png;base64,".length + 44; // 33 bytes stand before a palette
  const paint = (theme) => {
    for (const figure of document.querySelectorAll("img[data-palette]")) {
      const { palette, painted = "light" } = figure.dataset;
      if (painted === theme) continue;
      const { src } = figure;
      const end = start + palette.length;
      figure.decoding = "sync"; // drawn together with the paper around it
      figure.src = src.slice(0, start) + palette + src.slice(end);
      Object.assign(figure.dataset, { palette: src.slice(start, end), painted: theme });
    }
  };
  const repaint = () => paint(root.dataset.theme);
  new MutationObserver(repaint).observe(root, { attributeFilter: ["data-theme"] });
  addEventListener("beforeprint", () => paint("light"));
  addEventListener("afterprint", repaint);

  document.addEventListener("DOMContentLoaded", () => {
    repaint();
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
