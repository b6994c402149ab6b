// The lines of code that a step explains stand out; between steps all do.
function showSteps() {
  for (const cell of document.querySelectorAll("section.present .cell:has(.steps)")) {
    const step = cell.querySelector(".steps .current-fragment");
    const [first, last] = (step?.dataset.lines ?? "1-999").split("-").map(Number);
    cell.querySelectorAll(".line").forEach((line, i) => line.classList.toggle("dim", i + 1 < first || i + 1 > last));
  }
}
for (const event of ["ready", "slidechanged", "fragmentshown", "fragmenthidden"]) Reveal.on(event, showSteps);
