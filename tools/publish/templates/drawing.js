// Drawing on slides by pen, finger, mouse or keys. What is drawn is kept in the browser, slide by slide.
const PENS = ["orange", "blue", "ink"];
const ERASER = PENS.length;
const WIDTH = 5; // of a line, in pixels of a slide, which is 1280 × 720
const PLACE = `drawings ${location.pathname}`;
let drawings = kept(); // of each slide's name, its lines: { pen, points: [[x, y, width], …] }
const earlier = {}; // of each slide's name, what it was before each change
let pen = 0;
let at = [640, 360];
let line = null; // while the pen is down

const tools = make("div", {
  class: "drawing-tools",
  role: "toolbar",
  "aria-label": "Drawing",
  hidden: "",
});
const said = make("p", { class: "heard", role: "status" });
const pens = [...PENS, "Eraser"].map((name, index) =>
  button(name, () => takePen(index), {
    "aria-pressed": "false",
    title: index === ERASER ? "Key E" : `Key ${index + 1}`,
  })
);
tools.append(
  ...pens,
  button("Undo", () => undo(), { title: "Key U" }),
  button("Clear", () => clear([Reveal.getCurrentSlide().id]), { title: "Key C" }),
  button("Done", () => toggleDrawing(), { title: "Key D" }),
);
document.querySelector("header").append(said, tools);

function kept() {
  try {
    return JSON.parse(localStorage.getItem(PLACE)) ?? {};
  } catch {
    return {}; // the browser keeps nothing, or what it kept is damaged
  }
}

function keep() {
  try {
    localStorage.setItem(PLACE, JSON.stringify(drawings));
  } catch {
    said.textContent =
      "This browser does not keep the drawing: print it before you close the deck.";
  }
}

function isDrawing() {
  return !tools.hidden;
}

function shape(name, attributes) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

// The transparent sheet over a slide, which is made when it is needed first.
function sheetOf(slide) {
  const sheet = slide.querySelector("svg.drawing");
  if (sheet) return sheet;
  const made = shape("svg", {
    class: "drawing",
    viewBox: "0 0 1280 720",
    "aria-hidden": "true",
    "data-prevent-swipe": "",
  });
  made.append(shape("g", {}), shape("circle", { r: 9, class: "pen" }));
  made.addEventListener("pointerdown", pointerDown);
  made.addEventListener("pointermove", pointerMove);
  for (const end of ["pointerup", "pointercancel"]) made.addEventListener(end, penUp);
  (slide.querySelector(".sheet") ?? slide).append(made);
  return made;
}

function segment([x1, y1], [x2, y2, width], stroke) {
  return shape("line", { x1, y1, x2, y2, "stroke-width": width, class: PENS[stroke] });
}

function draw(slide) {
  const lines = drawings[slide.id] ?? [];
  if (!lines.length && !slide.querySelector("svg.drawing")) return;
  const segments = lines.flatMap(({ pen, points }) =>
    points.map((point, index) => segment(points[Math.max(index - 1, 0)], point, pen))
  );
  sheetOf(slide).firstChild.replaceChildren(...segments);
}

function drawAll() {
  document.querySelectorAll(".slides section[id]").forEach(draw);
}

function change(id, lines) {
  (earlier[id] ??= []).push(drawings[id] ?? []);
  drawings[id] = lines;
  draw(document.getElementById(id));
  keep();
}

function undo() {
  const { id } = Reveal.getCurrentSlide();
  drawings[id] = earlier[id]?.pop() ?? (drawings[id] ?? []).slice(0, -1);
  draw(Reveal.getCurrentSlide());
  keep();
}

function clear(ids) {
  for (const id of ids) if (drawings[id]?.length && document.getElementById(id)) change(id, []);
}

function takePen(index) {
  penUp();
  pen = index;
  pens.forEach((one, other) => one.setAttribute("aria-pressed", other === pen));
  showPen();
}

function showPen() {
  const [, circle] = sheetOf(Reveal.getCurrentSlide()).children;
  circle.setAttribute("cx", at[0]);
  circle.setAttribute("cy", at[1]);
  circle.setAttribute("class", `pen ${line ? "down" : ""} ${PENS[pen] ?? "eraser"}`);
}

function toggleDrawing() {
  penUp();
  tools.hidden = isDrawing();
  document.documentElement.classList.toggle("draws", isDrawing());
  if (isDrawing()) {
    if (Reveal.isOverview()) Reveal.toggleOverview(false);
    takePen(pen);
  }
  said.textContent = isDrawing()
    ? "Drawing. Arrow keys move the pen, Space lowers it, D ends."
    : "Drawing has ended.";
}

// How far a place is from a line between two points.
function distance([x, y], [x1, y1], [x2, y2]) {
  const length = (x2 - x1) ** 2 + (y2 - y1) ** 2;
  const along = length && ((x - x1) * (x2 - x1) + (y - y1) * (y2 - y1)) / length;
  const share = Math.min(Math.max(along, 0), 1);
  return Math.hypot(x1 + share * (x2 - x1) - x, y1 + share * (y2 - y1) - y);
}

function erase([x, y]) {
  const { id } = Reveal.getCurrentSlide();
  const lines = drawings[id] ?? [];
  const left = lines.filter(({ points }) =>
    points.every((point, index) => distance([x, y], points[Math.max(index - 1, 0)], point) > 16)
  );
  if (left.length < lines.length) change(id, left);
}

function penDown(width) {
  line = { pen, points: [] };
  penTo(at, width);
}

function penTo(place, width) {
  at = place;
  if (line && pen === ERASER) erase(at);
  else if (line) {
    line.points.push([...at, width]);
    const [last, before = last] = line.points.slice(-2).reverse();
    sheetOf(Reveal.getCurrentSlide()).firstChild.append(segment(before, last, pen));
  }
  showPen();
}

function penUp() {
  const done = line;
  line = null;
  if (!done) return;
  if (done.pen !== ERASER) {
    const { id } = Reveal.getCurrentSlide();
    change(id, [...drawings[id] ?? [], done]);
  }
  showPen();
}

function tapPen() {
  if (line) penUp();
  else penDown(WIDTH);
  said.textContent = line ? "Pen down." : "Pen up.";
}

function movePen(event) {
  const step = event.shiftKey ? 2 : 12;
  const [dx, dy] = {
    ArrowRight: [step, 0],
    ArrowLeft: [-step, 0],
    ArrowUp: [0, -step],
    ArrowDown: [0, step],
  }[event.key];
  penTo([Math.min(Math.max(at[0] + dx, 0), 1280), Math.min(Math.max(at[1] + dy, 0), 720)], WIDTH);
}

// Where a pointer is on the slide, and how thick its line: a pen that is pressed draws a thicker one.
function placeOf(event) {
  const box = event.currentTarget.getBoundingClientRect();
  const along = (value, start, length, size) =>
    Math.round((10 * size * (value - start)) / length) / 10;
  const width = event.pointerType === "pen"
    ? Math.round(20 * WIDTH * (0.2 + 1.6 * event.pressure)) / 20
    : WIDTH;
  return [[
    along(event.clientX, box.left, box.width, 1280),
    along(event.clientY, box.top, box.height, 720),
  ], width];
}

function pointerDown(event) {
  if (event.button !== 0 || event.altKey) return;
  event.currentTarget.setPointerCapture(event.pointerId);
  const [place, width] = placeOf(event);
  penUp();
  at = place;
  penDown(width);
}

function pointerMove(event) {
  if (event.buttons !== 1 && line) return; // drawn by keys
  penTo(...placeOf(event));
}

Reveal.on("beforeslidechange", penUp);
Reveal.on("slidechanged", () => isDrawing() && showPen());
drawAll();
addEventListener("storage", ({ key }) => {
  if (key !== PLACE) return;
  drawings = kept(); // drawn in another window: that of the notes shows it, too
  drawAll();
});
