/** One step in numbers: the units that it moved most, and the cell's formula with their numbers. */

import { written } from "./dom.js";
import { times } from "./numbers.js";

/** @import { Parts } from "./cells.js" */
/** @import { Recurrent, Trace } from "./layers.js" */
/** @import { Network, Reading } from "./network.js" */
/**
 * A table: names of columns, a row of numbers for each unit, and lines that spell the first row out.
 * @typedef {{columns: string[], rows: {unit: number, values: number[]}[], lines: string[]}} Story
 */

const UNITS_SHOWN = 10;
/** The parts that a table shows for each kind of cell, in the order of reading.
 * @type {Record<Recurrent["kind"], string[]>} */
const SHOWN = {
  SimpleRNN: [],
  LSTM: ["i", "f", "g", "o", "c"],
  GRU: ["z", "r", "g"],
};

/** The recurrent layers of a network, by their places.
 * @type {(network: Network) => number[]} */
export const recurrentLayers = ({ layers }) =>
  layers.flatMap((layer, place) => ("recurrent_kernel" in layer ? [place] : []));

/**
 * Tell one step of a recurrent layer.
 * @param {Network} network
 * @param {Reading} reading
 * @param {number} place the layer's
 * @param {number} timestep
 * @returns {Story}
 */
export function storyOf(network, reading, place, timestep) {
  const layer = /** @type {Recurrent} */ (network.layers[place]);
  const trace = reading.traces[place];
  const step = /** @type {import("./cells.js").Step[]} */ (trace.steps)[timestep];
  const old = /** @type {import("./cells.js").Step} */ (step.before).parts;
  const units = mostMoved(step.parts.h, old.h);
  const lstm = layer.kind === "LSTM";
  const before = lstm ? [["c before", old.c]] : [];
  const columns = /** @type {[string, Float64Array][]} */ ([
    ...before,
    ["h before", old.h],
    ...SHOWN[layer.kind].map((name) => [name, step.parts[name]]),
    ["h", step.parts.h],
  ]);
  return {
    columns: columns.map(([name]) => name),
    rows: units.map((unit) => ({ unit, values: columns.map(([, values]) => values[unit]) })),
    lines: linesOf(layer, trace, timestep, step.parts, old, units[0]),
  };
}

/** The units whose state this step moved most.
 * @type {(now: Float64Array, before: Float64Array) => number[]} */
const mostMoved = (now, before) =>
  Array.from(now, (value, unit) => ({ unit, moved: Math.abs(value - before[unit]) }))
    .sort((one, other) => other.moved - one.moved)
    .slice(0, UNITS_SHOWN)
    .map(({ unit }) => unit);

/**
 * @param {Recurrent} layer
 * @param {Trace} trace
 * @param {number} timestep
 * @param {Parts} now
 * @param {Parts} old
 * @param {number} unit
 */
function linesOf(layer, trace, timestep, now, old, unit) {
  const word = /** @type {Float64Array[]} */ (trace.words)[timestep];
  const state = times(old.h, layer.recurrent_kernel);
  const [squash, gate] = [layer.activation, layer.recurrent_activation].map(symbolOf);
  /** @type {(part: number) => string} */
  const sum = (part) => {
    const at = part * layer.units + unit;
    return plus(word[at], state[at] + layer.recurrent_bias[at]);
  };
  /** @type {(name: string) => string} */
  const n = (name) => written(now[name][unit], 3);
  const [h, c] = [written(old.h[unit], 3), written(old.c?.[unit] ?? 0, 3)];
  if (layer.kind === "SimpleRNN") {
    return [
      `h = ${squash}(from the word + from the state before) = ${squash}(${sum(0)}) = ${n("h")}`,
    ];
  }
  if (layer.kind === "LSTM") {
    return [
      `i = ${gate}(from the word + from the state before) = ${gate}(${sum(0)}) = ${n("i")}`,
      `f = ${gate}(${sum(1)}) = ${n("f")}`,
      `g = ${squash}(${sum(2)}) = ${n("g")}`,
      `o = ${gate}(${sum(3)}) = ${n("o")}`,
      `c = f · c before + i · g = ${n("f")} · ${c} + ${n("i")} · ${n("g")} = ${n("c")}`,
      `h = o · ${squash}(c) = ${n("o")} · ${n("a")} = ${n("h")}`,
    ];
  }
  const fromWord = written(word[2 * layer.units + unit], 3);
  const candidate = `${fromWord} + ${n("r")} · ${n("s")}`;
  return [
    `z = ${gate}(from the word + from the state before) = ${gate}(${sum(0)}) = ${n("z")}`,
    `r = ${gate}(${sum(1)}) = ${n("r")}`,
    `g = ${squash}(from the word + r · from the state) = ${squash}(${candidate}) = ${n("g")}`,
    `h = z · h before + (1 − z) · g = ${n("z")} · ${h} + ${written(1 - now.z[unit], 3)} · ${
      n("g")
    } = ${n("h")}`,
  ];
}

/** @type {(one: number, other: number) => string} */
const plus = (one, other) =>
  `${written(one, 3)} ${other < 0 ? "−" : "+"} ${written(Math.abs(other), 3)}`;

/** @type {(activation: string) => string} */
const symbolOf = (activation) => (activation === "sigmoid" ? "σ" : activation);

/**
 * Tell what a word does in a network without recurrence: its share of a mean.
 * @param {Network} network
 * @param {Reading} reading
 * @param {number} timestep
 * @returns {Story}
 */
export function shareOf({ layers }, { mask, traces, ids }, timestep) {
  const place = layers.findIndex(({ kind }) => kind === "GlobalAveragePooling1D");
  const vector = traces[layers.findIndex(({ kind }) => kind === "Embedding")].outputs[timestep];
  if (place < 0) return { columns: [], rows: [], lines: [] };
  const mean = traces[place].outputs[ids.length - 1];
  const count = mask.filter(Boolean).length;
  const units = mostMoved(vector, new Float64Array(vector.length));
  const [unit] = units;
  return {
    columns: ["this word", "mean of all"],
    rows: units.map((one) => ({ unit: one, values: [vector[one], mean[one]] })),
    lines: [
      `mean = sum over ${count} words / ${count}; this word adds ${written(vector[unit], 3)} / ` +
      `${count} = ${written(vector[unit] / count, 4)} to number ${unit} of it`,
    ],
  };
}
