/**
 * One time step of each recurrent cell for a whole batch, forwards and backwards: the formulas of
 * cells.js and cells_back.js, in arrays that are used again for each batch.
 *
 * A row of `sums` holds the parts of one sequence next to each other, as Keras' kernels order them.
 * The way there turns the sums into gates in place. The way back turns `toH` and `toC`, the gradients
 * with respect to the step's `h` and `c`, into those of the step before, without what flows through
 * U: that is a product for the whole batch.
 */

import { sigmoid } from "./numbers.js";

/** @import { Cell } from "./cells.js" */
/**
 * One time step of a batch. (rows, units): `h`, `c`, and `a`, which is tanh(c_t) in an LSTM.
 * (rows, units of all parts): `sums`, and `state`, a GRU's part of the state.
 * @typedef {{h: Float64Array, c: Float64Array, a: Float64Array, sums: Float64Array,
 *   state: Float64Array}} BatchStep
 */
/**
 * The gradients on their way back: to `h` and `c`, to the word's part of the sums, and to the state's
 * part, which only in a GRU is another array.
 * @typedef {{toH: Float64Array, toC: Float64Array, toWord: Float64Array,
 *   toState: Float64Array}} BatchBack
 */
/** @typedef {(step: BatchStep, before: BatchStep, rows: number, units: number) => void} Forwards */
/** @typedef {(step: BatchStep, before: BatchStep, back: BatchBack, rows: number, units: number)
 *   => void} Backwards */

/** How many parts a cell's sums have, and which are gates, by their places.
 * @type {Record<Cell["kind"], {parts: number, gates: Record<string, number>}>} */
export const PARTS = {
  SimpleRNN: { parts: 1, gates: {} },
  LSTM: { parts: 4, gates: { i: 0, f: 1, o: 3 } },
  GRU: { parts: 3, gates: { z: 0, r: 1 } },
};

/** @type {Forwards} */
function simpleRnnForwards({ sums, h }, _, rows, units) {
  for (let at = 0; at < rows * units; at++) h[at] = Math.tanh(sums[at]);
}

/** @type {Backwards} */
function simpleRnnBackwards({ h }, _, { toH, toWord }, rows, units) {
  for (let at = 0; at < rows * units; at++) {
    toWord[at] = toH[at] * (1 - h[at] * h[at]);
    toH[at] = 0;
  }
}

/** @type {Forwards} */
function lstmForwards({ sums, c, a, h }, before, rows, units) {
  for (let row = 0, at = 0; row < rows; row++) {
    for (let i = 4 * row * units, end = i + units; i < end; i++, at++) {
      const f = i + units, g = f + units, o = g + units;
      sums[i] = sigmoid(sums[i]);
      sums[f] = sigmoid(sums[f]);
      sums[g] = Math.tanh(sums[g]);
      sums[o] = sigmoid(sums[o]);
      c[at] = sums[f] * before.c[at] + sums[i] * sums[g];
      a[at] = Math.tanh(c[at]);
      h[at] = sums[o] * a[at];
    }
  }
}

/** @type {Backwards} */
function lstmBackwards({ sums, a }, before, { toH, toC, toWord }, rows, units) {
  for (let row = 0, at = 0; row < rows; row++) {
    for (let i = 4 * row * units, end = i + units; i < end; i++, at++) {
      const f = i + units, g = f + units, o = g + units;
      const dc = toC[at] + toH[at] * sums[o] * (1 - a[at] * a[at]);
      toWord[i] = dc * sums[g] * sums[i] * (1 - sums[i]);
      toWord[f] = dc * before.c[at] * sums[f] * (1 - sums[f]);
      toWord[g] = dc * sums[i] * (1 - sums[g] * sums[g]);
      toWord[o] = toH[at] * a[at] * sums[o] * (1 - sums[o]);
      toC[at] = dc * sums[f];
      toH[at] = 0;
    }
  }
}

/** @type {Forwards} */
function gruForwards({ sums, state, h }, before, rows, units) {
  for (let row = 0, at = 0; row < rows; row++) {
    for (let z = 3 * row * units, end = z + units; z < end; z++, at++) {
      const r = z + units, g = r + units;
      sums[z] = sigmoid(sums[z] + state[z]);
      sums[r] = sigmoid(sums[r] + state[r]);
      sums[g] = Math.tanh(sums[g] + sums[r] * state[g]);
      h[at] = sums[z] * before.h[at] + (1 - sums[z]) * sums[g];
    }
  }
}

/** @type {Backwards} */
function gruBackwards({ sums, state }, before, { toH, toWord, toState }, rows, units) {
  for (let row = 0, at = 0; row < rows; row++) {
    for (let z = 3 * row * units, end = z + units; z < end; z++, at++) {
      const r = z + units, g = r + units;
      toWord[z] = toH[at] * (before.h[at] - sums[g]) * sums[z] * (1 - sums[z]);
      toWord[g] = toH[at] * (1 - sums[z]) * (1 - sums[g] * sums[g]);
      toWord[r] = toWord[g] * state[g] * sums[r] * (1 - sums[r]);
      toState[z] = toWord[z];
      toState[r] = toWord[r];
      toState[g] = toWord[g] * sums[r];
      toH[at] *= sums[z];
    }
  }
}

/** @type {Record<Cell["kind"], Forwards>} */
export const BATCH_FORWARDS = {
  SimpleRNN: simpleRnnForwards,
  LSTM: lstmForwards,
  GRU: gruForwards,
};
/** @type {Record<Cell["kind"], Backwards>} */
export const BATCH_BACKWARDS = {
  SimpleRNN: simpleRnnBackwards,
  LSTM: lstmBackwards,
  GRU: gruBackwards,
};
