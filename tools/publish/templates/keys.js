// Every key of a deck, once: these tables bind them, let them pass to reveal.js, and are the help that "?" opens.
const KEYS = [
  { keys: ["ArrowRight", "ArrowDown", " ", "N", "PageDown"], says: "on" }, // a row without `does` is reveal.js' own
  { keys: ["ArrowLeft", "ArrowUp", "Shift+ ", "P", "PageUp"], says: "back" },
  { keys: ["Home"], says: "first slide", does: () => show(Reveal.getSlides()[0]) },
  { keys: ["End"], says: "last slide", does: () => show(Reveal.getSlides().at(-1)) },
  { keys: ["G"], says: "go to a slide: type its number, then Enter" },
  { keys: ["/", "Ctrl+Shift+F"], says: "search the slides", does: () => openSearch() },
  { keys: ["Escape", "O"], says: "all slides; arrows choose one, in rows and columns" },
  {
    keys: ["Enter"],
    says: "of all slides, to the chosen one",
    does: () => Reveal.isOverview() && Reveal.toggleOverview(false),
  },
  { keys: ["S"], says: "notes in a window of their own, with a clock and the pace" },
  { keys: ["B", "."], says: "black screen" },
  { keys: ["F"], says: "full screen; Escape leaves it" },
  {
    keys: ["T"],
    says: "light or dark",
    does: () => document.querySelector(".theme-switch").click(),
  },
  { keys: ["L"], says: "laser pointer", does: () => toggleLaser() },
  { keys: ["D"], says: "draw on the slide", does: () => toggleDrawing() },
  { keys: ["Alt+click"], says: "zoom in, and out again" },
  { keys: ["Ctrl+P"], says: "print, with what is drawn" }, // the browser's own
  { keys: ["?"], says: "these keys", does: () => help.showModal() },
];
const DRAWING_KEYS = [
  {
    keys: ["ArrowRight", "ArrowLeft", "ArrowUp", "ArrowDown"],
    says: "move the pen; with Shift, a little",
    does: movePen,
  },
  {
    keys: ["Shift+ArrowRight", "Shift+ArrowLeft", "Shift+ArrowUp", "Shift+ArrowDown"],
    does: movePen,
  },
  { keys: [" "], says: "pen down, and up again", does: (event) => event.repeat || tapPen() },
  { keys: ["1", "2", "3"], says: "orange, blue, ink", does: (event) => takePen(event.key - 1) },
  { keys: ["E"], says: "eraser: takes away a whole line", does: () => takePen(ERASER) },
  { keys: ["U", "Ctrl+Z"], says: "undo", does: () => undo() },
  { keys: ["C"], says: "clear this slide", does: () => clear([Reveal.getCurrentSlide().id]) },
  { keys: ["Shift+C"], says: "clear all slides", does: () => clear(Object.keys(drawings)) },
  { keys: ["D", "Escape"], says: "stop drawing", does: () => toggleDrawing() },
];
const SHOWN = {
  ArrowRight: "→",
  ArrowLeft: "←",
  ArrowUp: "↑",
  ArrowDown: "↓",
  " ": "Space",
  PageDown: "Page ↓",
  PageUp: "Page ↑",
};
const MOVES = [
  "ArrowLeft",
  "ArrowRight",
  "ArrowUp",
  "ArrowDown",
  "Home",
  "End",
  "PageUp",
  "PageDown",
];
const HANDED_ON = [32, 33, 34, 37, 38, 39, 40, 66, 78, 80, 190]; // space, pages, arrows, B, N, P, dot
const IN_NOTES = /receiver/.test(location.search); // a preview in the window of notes, where only slides are turned

function make(name, attributes = {}, ...inside) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...inside);
  return element;
}

// A button that a click leaves without the focus, so that the next key is the deck's.
function button(label, does, attributes = {}) {
  const made = make("button", { type: "button", ...attributes }, label);
  made.addEventListener("mousedown", (event) => event.preventDefault());
  made.addEventListener("click", does);
  return made;
}

function dialog(title, ...inside) {
  const close = button("Close", () => made.close(), { class: "close" });
  const made = make(
    "dialog",
    { "aria-label": title, class: "window" },
    make("h2", {}, title),
    close,
    ...inside,
  );
  document.body.append(made);
  return made;
}

function show(slide) {
  const { h, v } = Reveal.getIndices(slide);
  Reveal.slide(h, v);
}

// "Shift+A" or "?": a sign is named as it is, whichever keys it takes to type it.
function nameOf(event) {
  const key = event.key.length === 1 ? event.key.toUpperCase() : event.key;
  const ctrl = event.ctrlKey || event.metaKey ? "Ctrl+" : "";
  return ctrl + (event.altKey ? "Alt+" : "") +
    (event.shiftKey && !/^[^A-Z ]$/.test(key) ? "Shift+" : "") + key;
}

// Whether a key is the deck's: what one types into a panel is not, though reveal.js does not look into panels.
function isDecks(event) {
  const [place] = event.composedPath();
  if (place.matches?.("textarea, select, input:not([type=range], [type=checkbox])")) {
    if (event.key === "Escape" && !place.closest("dialog")) place.blur();
    return false;
  }
  if (document.querySelector("dialog[open]")) return false;
  if (place.matches?.("input[type=range], .scroll") && MOVES.includes(event.key)) return false;
  const pressed = event.key === " " || event.key === "Enter";
  return !(pressed && place.matches?.("a, input, button, summary, [role=option]"));
}

function rowOf(event) {
  const rows = isDrawing() ? [...DRAWING_KEYS, ...KEYS] : KEYS;
  return isDecks(event) ? rows.find((row) => row.keys.includes(nameOf(event))) : undefined;
}

// What reveal.js may take for its own. The window of notes hands on keys by their codes alone.
function isReveals(event) {
  if (event.key === undefined) {
    if (event.keyCode === 36) show(Reveal.getSlides()[0]);
    if (event.keyCode === 35) show(Reveal.getSlides().at(-1));
    return HANDED_ON.includes(event.keyCode);
  }
  if (IN_NOTES && ["Escape", "O", "G"].includes(nameOf(event))) return false;
  const zoomed = document.documentElement.classList.contains("zoomed");
  const row = rowOf(event);
  return row !== undefined && !row.does && !(zoomed && event.key === "Escape");
}

document.addEventListener("keydown", (event) => {
  const row = rowOf(event);
  if (IN_NOTES || !row?.does || Reveal.isPaused()) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  row.does(event);
});

function helpOf(title, rows) {
  const lines = rows.filter((row) => row.says).map(({ keys, says }) => {
    const caps = keys.flatMap((
      key,
    ) => [make("kbd", {}, key.replace(/[^+]+$/, (last) => SHOWN[last] ?? last)), " "]);
    return make("tr", {}, make("th", { scope: "row" }, ...caps), make("td", {}, says));
  });
  return make("table", {}, make("caption", {}, title), make("tbody", {}, ...lines));
}

const help = dialog("Keys", helpOf("At any time", KEYS), helpOf("While drawing", DRAWING_KEYS));
if (!IN_NOTES) {
  document.querySelector(".theme-switch").before(
    button("Keys", () => help.showModal(), { title: "All keys (?)" }),
    button("Draw", () => toggleDrawing(), { title: "Draw on the slide (key D)" }),
  );
}
