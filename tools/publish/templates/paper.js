// On paper, the deck is laid out as pages: light, all slides with all their steps. Afterwards it is as before.
let restore = () => {};

function layOut() {
  if (Reveal.isOverview()) Reveal.toggleOverview(false);
  const root = document.documentElement;
  const { theme } = root.dataset;
  const slides = [...document.querySelectorAll(".slides section")].map((
    one,
  ) => [one, one.hidden, one.ariaHidden]);
  const steps = [...document.querySelectorAll(".slides .fragment")].map((
    step,
  ) => [step, step.className]);
  restore = () => {
    root.dataset.theme = theme;
    root.classList.remove("print-pdf");
    for (const [slide, hidden, silent] of slides) {
      Object.assign(slide, { hidden, ariaHidden: silent });
    }
    for (const [step, classes] of steps) step.className = classes;
  };
  root.dataset.theme = "light";
  root.classList.add("print-pdf"); // which switches reveal.js' own styles for paper off
  for (const [slide] of slides) Object.assign(slide, { hidden: false, ariaHidden: null });
  Reveal.getSlides().forEach(finish);
  fitEquations();
}

// The state of a slide after its last step; on paper without answers, before they come.
function finish(slide) {
  const without = document.documentElement.classList.contains("without-answers");
  const steps = [...slide.querySelectorAll(".fragment")].filter((step) =>
    !without || !(step.matches(".answer") || step.querySelector(".answer"))
  );
  const last = Math.max(...steps.map((step) => step.dataset.fragmentIndex));
  for (const step of steps) {
    step.classList.add("visible");
    step.classList.toggle("current-fragment", Number(step.dataset.fragmentIndex) === last);
  }
}

addEventListener("beforeprint", layOut);
addEventListener("afterprint", () => restore());
