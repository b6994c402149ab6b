// An address with a number, such as #/13, means the slide that shows this number.
function readNumber() {
  const [, number] = location.hash.match(/^#\/(\d+)$/) ?? [];
  const slide = document.querySelectorAll(".slides section section")[number - 1];
  if (slide) history.replaceState(null, "", `#/${slide.id}`);
}
readNumber();
addEventListener("hashchange", readNumber);

// On a handout, notes stand below the slide.
for (const notes of document.querySelectorAll("aside.notes")) {
  const slide = notes.closest("section");
  slide.append(notes);
}

Reveal.initialize({
  width: 1280,
  height: 720,
  margin: 0,
  maxScale: 4,
  center: false,
  hash: true,
  scrollActivationWidth: null, // on a phone, too, one swipes from slide to slide
  slideNumber: "c/t",
  navigationMode: "linear",
  transition: "fade",
  transitionSpeed: "fast",
  defaultTiming: 0,
  zoomKey: "alt",
  keyboardCondition: isReveals,
  plugins: [RevealNotes, RevealZoom],
});

// An equation that is wider than its slide gets smaller until it fits.
function fitEquations() {
  for (
    const math of document.querySelectorAll(
      "section.present .sheet math[display=block], .print-pdf .sheet math[display=block]",
    )
  ) {
    const room = math.parentElement.getBoundingClientRect().width;
    const width = math.firstElementChild.getBoundingClientRect().width;
    if (width > room) math.style.fontSize = `${(40 * room) / width}px`;
  }
}
for (const face of document.fonts) face.load(); // before the first slide that needs it
for (const event of ["ready", "slidechanged"]) Reveal.on(event, fitEquations);
document.fonts.ready.then(fitEquations);
