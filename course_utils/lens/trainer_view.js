/** The pictures of a training: loss, accuracy, and the gates along one new sequence. */

import { chart } from "./chart.js";
import { drawn, element, table, written } from "./dom.js";
import { FLAG } from "./task.js";

/** @import { Curve } from "./chart.js" */
/** @import { History } from "./history.js" */
/** @import { Settings } from "./training.js" */

const CHANCE_LOSS = Math.LN2;
/** As chart.js leaves it to the left and the right of its curves. */
const MARGIN = { left: 58, right: 14 };
const TOKENS_HEIGHT = 34;
/** Tokens that are narrower show no number. */
const READABLE = 11;

/**
 * Curves with their names beneath a title.
 * @param {string} title
 * @param {Curve[]} curves
 * @param {boolean} level whether a dotted line shows chance
 * @param {Node[]} pictures
 */
const figure = (title, curves, level, ...pictures) =>
  element(
    "figure",
    {},
    element(
      "figcaption",
      {},
      element("b", {}, title),
      ...curves.map(({ name, style }) => keyOf(name, `curve curve-${style}`)),
      level && keyOf("chance", "level"),
    ),
    ...pictures,
  );

/** @type {(name: string, line: string) => HTMLElement} */
const keyOf = (name, line) =>
  element(
    "span",
    { className: "key" },
    drawn(
      "svg",
      { viewBox: "0 0 26 8", width: 26, height: 8, "aria-hidden": "true" },
      drawn("path", { d: "M0 4H26", class: line }),
    ),
    ` ${name}`,
  );

/** So many values, with gaps behind those that are known.
 * @type {(values: number[], length: number) => number[]} */
const upTo = (values, length) =>
  Array.from({ length }, (_, place) => place < values.length ? values[place] : NaN);

/**
 * @param {History} history
 * @param {number} width
 */
export function progressPictures({ updates, losses, accuracies, held }, width) {
  const length = Math.max(2, updates);
  /** @type {(name: string, values: number[], style: number) => Curve} */
  const curve = (name, values, style) => ({ name, values: upTo(values, length), style });
  const loss = [curve("training", losses, 0)];
  const accuracy = [curve("training", accuracies, 0), curve("new sequences", held, 1)];
  return [
    figure(
      "Loss",
      loss,
      true,
      chart(loss, {
        label: `Loss over the updates, now ${written(losses[losses.length - 1])}; chance is 0.69`,
        x: "update",
        y: "loss",
        range: [0, 1],
        level: CHANCE_LOSS,
      }, width),
    ),
    figure(
      "Accuracy",
      accuracy,
      true,
      chart(accuracy, {
        label: "Accuracy over the updates, on new sequences now " +
          `${written(held[held.length - 1])}; chance is 0.5`,
        x: "update",
        y: "accuracy",
        range: [0, 1],
        level: 0.5,
      }, width),
    ),
  ];
}

/**
 * The gates along one sequence that the training never sees, and the sequence beneath.
 * @param {History} history
 * @param {Settings} settings of its training
 * @param {number} width
 */
export function gatesPicture({ look }, { task, k }, width) {
  if (!look) return element("p", { className: "wait" }, "The gates appear after 20 updates.");
  const length = look.tokens.length;
  const curves = Object.entries(look.curves).map(([name, values], style) => ({
    name: name === "|h|" ? "|h|, mean of all units" : `${name}, mean of all units`,
    values: upTo(values, length),
    style,
  }));
  const picture = chart(curves, {
    label: `${Object.keys(look.curves).join(", ")} along one new sequence of ${length} time steps`,
    x: "time step",
    y: "mean",
    range: [0, 1],
  }, width);
  const row = tokensRow(look.tokens, task === "pick", width);
  return figure(
    "Along one new sequence",
    curves,
    false,
    picture,
    row,
    element("p", { className: "tokens" }, sentenceAbout(look.tokens, task === "pick", k)),
  );
}

/**
 * The tokens, each beneath its time step; what counts is marked, zeros are grey.
 * @param {number[]} tokens
 * @param {boolean} flagged
 * @param {number} width
 */
function tokensRow(tokens, flagged, width) {
  const apart = (width - MARGIN.left - MARGIN.right) / (tokens.length - 1);
  const answer = flagged ? tokens.indexOf(FLAG) + 2 : 0;
  return drawn(
    "svg",
    { viewBox: `0 0 ${width} ${TOKENS_HEIGHT}`, class: "chart", "aria-hidden": "true" },
    ...tokens.flatMap((token, place) => {
      const x = MARGIN.left + place * apart;
      const counts = place === answer || (flagged && token === FLAG);
      const kind = counts ? "counts" : token === 0 ? "nothing" : "other";
      const wide = Math.max(1, Math.min(apart - 1, 18));
      return [
        drawn("rect", { x: x - wide / 2, y: 4, width: wide, height: 20, class: `token ${kind}` }),
        apart >= READABLE &&
        drawn("text", { x, y: 18.5, class: `token-number ${kind}` }, token),
      ];
    }).filter((each) => each !== false),
  );
}

/** @type {(tokens: number[], flagged: boolean, k: number) => string} */
function sentenceAbout(tokens, flagged, k) {
  const place = tokens.indexOf(FLAG);
  const what = flagged
    ? `Token ${place + 1} is the flag, 3. The ${
      tokens[place + 2]
    } two steps behind it is the answer.`
    : `The first token, ${tokens[0]}, is the answer. All others mean nothing.`;
  const behind = tokens.length - k;
  return behind ? `${what} ${behind} zeros stand behind token ${k}.` : what;
}

/**
 * The numbers of the pictures.
 * @param {History} history
 */
export function numbersTable({ looks, losses, accuracies, held }) {
  const heads = ["update", "loss", "accuracy, training", "accuracy, new sequences"];
  const rows = looks.map((update) => [
    String(update),
    ...[losses, accuracies, held].map((values) => written(values[update - 1], 3)),
  ]);
  return table(heads, rows);
}
