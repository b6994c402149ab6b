// Loads page and deck again at each save, and lists what does not fit.
const KINDS = { right: "too wide", down: "too low", small: "too small", undrawn: "not drawn", broken: "no picture" };
const frames = Object.fromEntries([...document.querySelectorAll("iframe")].map((frame) => [frame.id, frame]));

// Loads a frame again where it stands; resolves when it is drawn.
async function load(frame) {
  const loaded = new Promise((done) => frame.addEventListener("load", done, { once: true }));
  if (frame.src) frame.contentWindow.location.reload();
  else frame.src = frame.dataset.at;
  await loaded;
  await frame.contentDocument.fonts.ready;
}

function say(text, go) {
  const item = document.createElement("li");
  const line = go ? document.createElement("button") : item;
  line.textContent = text;
  if (go) {
    line.addEventListener("click", go);
    item.append(line);
  }
  document.querySelector("#faults").append(item);
}

async function measureSlides() {
  const Reveal = frames.slides.contentWindow.Reveal;
  if (!Reveal) return;
  if (!Reveal.isReady()) await new Promise((done) => Reveal.on("ready", done));
  Reveal.configure({ transition: "none" });
  Reveal.getSlides().forEach((slide, number) => {
    const { h, v } = Reveal.getIndices(slide);
    Reveal.slide(h, v, Infinity);
    for (const fault of measure(Reveal).faults) {
      const [kind, ...rest] = fault.split(" ");
      const title = slide.querySelector("h1")?.textContent ?? slide.id;
      say(`Slide ${number + 1}, ${title} – ${KINDS[kind]}: ${rest.join(" ")}`, () => frames.deck.contentWindow.Reveal.slide(h, v));
    }
  });
}

function measurePage() {
  const { contentDocument: page, clientWidth: width } = frames.phone;
  for (const element of page.querySelectorAll("main *")) {
    const name = `${element.localName} ${element.textContent.trim().slice(0, 30)}`;
    const hidden = element.closest(".wide, math, details:not([open])");
    if (!hidden && element.getBoundingClientRect().right > width + 1) say(`Page – wider than a phone: ${name}`);
    if (/^$|\.(png|jpe?g|svg|gif|webp)$/i.test(element.alt ?? "told")) {
      say(`Page – a picture with "${element.alt}" as its alt text: say what is to be seen`);
    }
  }
}

async function show(problems) {
  document.querySelector("#faults").replaceChildren();
  for (const problem of problems) say(problem);
  await Promise.all([frames.page, frames.deck].map(load)); // what the author looks at comes first
  await Promise.all([frames.slides, frames.phone].map(load));
  await measureSlides();
  measurePage();
  const faults = document.querySelectorAll("#faults li").length;
  document.querySelector("#state").textContent =
    `${new Date().toLocaleTimeString()}: ${faults ? `${faults} to look at` : "all fits"}`;
}

let shown = Promise.resolve();
new EventSource("/events").addEventListener("message", (event) => {
  shown = shown.then(() => show(JSON.parse(event.data))).catch((error) => {
    document.querySelector("#state").textContent = `not shown: ${error}`; // the next save is
  });
});
