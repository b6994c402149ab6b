/** Curves over time steps or epochs, as SVG. */

import { drawn, written } from "./dom.js";

/**
 * A curve. Values that are no finite numbers (on a log scale: not above 0) leave a gap.
 * `style` is its number: each has its own colour and dashes.
 * @typedef {{name: string, values: number[], style: number}} Curve
 */
/**
 * @typedef {object} Axes
 * @property {string} label of the whole picture, for screen readers
 * @property {string} x
 * @property {string} y
 * @property {[number, number]} range of y; on a log scale of its power of ten
 * @property {boolean} [log]
 * @property {number} [from] the first curve value's place on x
 * @property {number} [level] a horizontal line, such as chance
 * @property {number} [cursor] a value's place that is marked
 * @property {number} [height] in pixels
 * @property {(place: number) => void} [pick] is told at which place a pointer pressed
 */

const HEIGHT = 190;
const EDGE = { left: 68, right: 14, top: 12, bottom: 42 };

/**
 * Draw curves that share their axes.
 * @param {Curve[]} curves
 * @param {Axes} axes
 * @param {number} width in pixels
 */
export function chart(curves, axes, width) {
  const places = Math.max(2, ...curves.map(({ values }) => values.length));
  const [low, high] = axes.range;
  const height = axes.height ?? HEIGHT;
  const inner = { width: width - EDGE.left - EDGE.right, height: height - EDGE.top - EDGE.bottom };
  /** @type {(place: number) => number} */
  const across = (place) => EDGE.left + (place / (places - 1)) * inner.width;
  /** @type {(value: number) => number} */
  const up = (value) => {
    const share = ((axes.log ? Math.log10(value) : value) - low) / (high - low);
    return EDGE.top + inner.height * (1 - Math.min(1, Math.max(0, share)));
  };
  const picture = drawn(
    "svg",
    { role: "img", "aria-label": axes.label, viewBox: `0 0 ${width} ${height}`, class: "chart" },
    ...ticks(axes).flatMap((value) => {
      const y = up(axes.log ? 10 ** value : value);
      const text = axes.log ? powerOfTen(value) : [written(value, high - low > 4 ? 0 : 1)];
      return [
        drawn("line", { x1: EDGE.left, x2: width - EDGE.right, y1: y, y2: y, class: "grid" }),
        drawn("text", { x: EDGE.left - 8, y: y + 5, class: "tick end" }, ...text),
      ];
    }),
    ...[0, places - 1].map((place) =>
      drawn(
        "text",
        { x: across(place), y: height - EDGE.bottom + 18, class: place ? "tick end" : "tick" },
        (axes.from ?? 1) + place,
      )
    ),
    drawn("text", { x: EDGE.left + inner.width / 2, y: height - 8, class: "name" }, axes.x),
    drawn(
      "text",
      { class: "name", transform: `translate(13 ${EDGE.top + inner.height / 2}) rotate(-90)` },
      axes.y,
    ),
    axes.level !== undefined && drawn("line", {
      x1: EDGE.left,
      x2: width - EDGE.right,
      y1: up(axes.level),
      y2: up(axes.level),
      class: "level",
    }),
    axes.cursor !== undefined && drawn("line", {
      x1: across(axes.cursor),
      x2: across(axes.cursor),
      y1: EDGE.top,
      y2: height - EDGE.bottom,
      class: "cursor",
    }),
    ...curves.map(({ values, style }) =>
      drawn("path", { d: path(values, across, up, axes.log), class: `curve curve-${style}` })
    ),
  );
  if (axes.pick) pickable(/** @type {SVGSVGElement} */ (picture), places, axes.pick);
  return picture;
}

/**
 * @param {number[]} values
 * @param {(place: number) => number} across
 * @param {(value: number) => number} up
 * @param {boolean} [log]
 */
function path(values, across, up, log) {
  let pen = "M";
  return values.map((value, place) => {
    if (!Number.isFinite(value) || (log && value <= 0)) {
      pen = "M";
      return "";
    }
    const point = `${pen}${across(place).toFixed(1)} ${up(value).toFixed(1)}`;
    pen = "L";
    return values.length === 1 ? `${point}h2` : point;
  }).join("");
}

/** Round values between the ends of an axis, at most seven.
 * @type {(axes: Axes) => number[]} */
function ticks({ range: [low, high], log }) {
  const steps = log ? [1, 2, 5, 10, 20, 50, 100] : [0.1, 0.2, 0.25, 0.5, 1, 2, 5, 10];
  const step = steps.find((one) => (high - low) / one <= 5) ?? (high - low) / 4;
  const first = Math.ceil(low / step - 1e-9);
  const count = Math.floor(high / step + 1e-9) - first + 1;
  return Array.from({ length: count }, (_, place) => (first + place) * step);
}

/** @type {(power: number) => (Node | string)[]} */
const powerOfTen = (power) => [
  "10",
  drawn("tspan", { dy: -6, class: "power" }, written(power, 0)),
];

/**
 * Tell the place under the pointer while it is pressed or moves over a picture.
 * @param {SVGSVGElement} picture
 * @param {number} places
 * @param {(place: number) => void} pick
 */
function pickable(picture, places, pick) {
  picture.addEventListener("pointerdown", (event) => {
    const box = picture.getBoundingClientRect();
    const scale = box.width / picture.viewBox.baseVal.width;
    const inner = box.width - (EDGE.left + EDGE.right) * scale;
    const share = (event.clientX - box.left - EDGE.left * scale) / inner;
    pick(Math.max(0, Math.min(places - 1, Math.round(share * (places - 1)))));
  });
}
