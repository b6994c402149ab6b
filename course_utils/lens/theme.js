/** Light or dark: whatever a panel stands in, a page, a slide or a front end, says it by its ink. */

/** Choose a panel's colours by the colour of the text around it.
 * @type {(host: HTMLElement) => void} */
export function followTheme(host) {
  host.classList.toggle("dark", isLight(getComputedStyle(host).color));
}

/** Call a function whenever the page's own theme may have changed.
 * @type {(changed: () => void) => void} */
export function watchTheme(changed) {
  new MutationObserver(changed).observe(document.documentElement, { attributes: true });
}

/** Whether a colour, such as "rgb(236, 239, 244)", is lighter than middle grey.
 * @type {(color: string) => boolean} */
function isLight(color) {
  const [red, green, blue] = (color.match(/[\d.]+/g) ?? ["0", "0", "0"]).map(Number);
  return 0.3 * red + 0.6 * green + 0.1 * blue > 128;
}
