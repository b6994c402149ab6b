/**
 * One time step of each recurrent cell, forwards, as the lessons write it in NumPy.
 *
 * `word` is what the word brings, `e_t W + b`; it is the same in every step that reads this word.
 * `before` is the step before. Each returns all parts of the step: the way back needs them.
 */

import { ACTIVATIONS, split, times, zeros } from "./numbers.js";

/** @import { Matrix, Vector } from "./numbers.js" */
/**
 * The weights of a recurrent layer, named as in Keras.
 * @typedef {object} Cell
 * @property {"SimpleRNN" | "LSTM" | "GRU"} kind
 * @property {number} units
 * @property {string} activation of the state
 * @property {string} recurrent_activation of the gates
 * @property {Matrix} kernel W, (numbers of a word, units of all parts)
 * @property {Matrix} recurrent_kernel U, (units, units of all parts)
 * @property {Vector} bias b, (units of all parts,)
 * @property {Vector} recurrent_bias that of a GRU's recurrent part; zeros elsewhere
 */
/** The parts of a step by name: `h`, the hidden state, and, of an LSTM, `c`, the cell state.
 * @typedef {Record<string, Vector>} Parts */
/** @typedef {{parts: Parts, before: Step | null}} Step */

/** The state before the first word: all zeros.
 * @type {(cell: Cell) => Step} */
export const start = ({ units }) => ({
  parts: { h: zeros(units), c: zeros(units) },
  before: null,
});

/** What a word brings: e_t W + b.
 * @type {(cell: Cell, vector: Vector) => Vector} */
export const fromWord = ({ kernel, bias }, vector) => times(vector, kernel, bias);

/**
 * h_t = tanh(e_t W + h_{t-1} U + b). Notebook 2, "One time step after another".
 * @param {Cell} cell
 * @param {Vector} word
 * @param {Step} before
 * @returns {Step}
 */
function simpleRnnStep({ recurrent_kernel, activation }, word, before) {
  const h = times(before.parts.h, recurrent_kernel, word).map(ACTIVATIONS[activation].of);
  return { parts: { h }, before };
}

/**
 * c_t = f * c_{t-1} + i * g, h_t = o * tanh(c_t). Notebook 4, "The LSTM cell".
 * @param {Cell} cell
 * @param {Vector} word
 * @param {Step} before
 * @returns {Step}
 */
function lstmStep({ units, recurrent_kernel, activation, recurrent_activation }, word, before) {
  const squash = ACTIVATIONS[activation].of;
  const gate = ACTIVATIONS[recurrent_activation].of;
  const [i, f, g, o] = split(times(before.parts.h, recurrent_kernel, word), 4);
  const [c, a, h] = split(zeros(3 * units), 3);
  for (let unit = 0; unit < units; unit++) {
    i[unit] = gate(i[unit]);
    f[unit] = gate(f[unit]);
    g[unit] = squash(g[unit]);
    o[unit] = gate(o[unit]);
    c[unit] = f[unit] * before.parts.c[unit] + i[unit] * g[unit];
    a[unit] = squash(c[unit]);
    h[unit] = o[unit] * a[unit];
  }
  return { parts: { i, f, g, o, c, a, h }, before };
}

/**
 * h_t = z * h_{t-1} + (1 - z) * g, with g = tanh(word's part + r * state's part). Notebook 4, 4.3.
 * @param {Cell} cell
 * @param {Vector} word
 * @param {Step} before
 * @returns {Step}
 */
function gruStep(cell, word, before) {
  const squash = ACTIVATIONS[cell.activation].of;
  const gate = ACTIVATIONS[cell.recurrent_activation].of;
  const fromState = times(before.parts.h, cell.recurrent_kernel, cell.recurrent_bias);
  const [[z, r, g], [stateZ, stateR, s]] = [split(word.slice(), 3), split(fromState, 3)];
  const h = zeros(cell.units);
  for (let unit = 0; unit < cell.units; unit++) {
    z[unit] = gate(z[unit] + stateZ[unit]);
    r[unit] = gate(r[unit] + stateR[unit]);
    g[unit] = squash(g[unit] + r[unit] * s[unit]);
    h[unit] = z[unit] * before.parts.h[unit] + (1 - z[unit]) * g[unit];
  }
  return { parts: { z, r, g, s, h }, before };
}

/** @type {Record<Cell["kind"], (cell: Cell, word: Vector, before: Step) => Step>} */
export const STEPS = { SimpleRNN: simpleRnnStep, LSTM: lstmStep, GRU: gruStep };
