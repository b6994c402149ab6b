const ARROWS = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End", "PageUp", "PageDown"];

// Whether a key is the deck's: what one types into a panel is not, though reveal.js does not look into panels.
function turnsSlides(event) {
  const [place] = event.composedPath();
  if (place.matches?.("textarea, select, input:not([type=range], [type=checkbox])")) {
    if (event.key === "Escape") place.blur();
    return false;
  }
  if (place.matches?.("input[type=range], .scroll") && ARROWS.includes(event.key)) return false;
  const pressed = event.key === " " || event.key === "Enter";
  return !(pressed && place.matches?.("input, button, summary, [role=option]"));
}

Reveal.initialize({
  width: 1280,
  height: 720,
  margin: 0,
  maxScale: 4,
  center: false,
  hash: true,
  slideNumber: "c/t",
  navigationMode: "linear",
  transition: "fade",
  transitionSpeed: "fast",
  pdfSeparateFragments: false,
  pdfMaxPagesPerSlide: 1,
  keyboardCondition: turnsSlides,
  keyboard: { 84: () => document.querySelector(".theme-switch").click() },
  plugins: [RevealNotes],
});

// An equation that is wider than its slide gets smaller until it fits.
function fitEquations() {
  for (const math of document.querySelectorAll("section.present math[display=block], .pdf-page math[display=block]")) {
    const room = math.parentElement.getBoundingClientRect().width;
    const width = math.firstElementChild.getBoundingClientRect().width;
    if (width > room) math.style.fontSize = `${(40 * room) / width}px`;
  }
}
for (const face of document.fonts) face.load(); // before the first slide that needs it
for (const event of ["ready", "slidechanged", "pdf-ready"]) Reveal.on(event, fitEquations);
document.fonts.ready.then(fitEquations);
