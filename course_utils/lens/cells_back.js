/**
 * One time step of each recurrent cell, backwards: the chain rule, as notebook 2 writes it.
 *
 * `to` holds the gradient of the loss with respect to what the step handed on: its `h`, and the
 * `c` of an LSTM.
 */

import { add, join, multiply, slopes, timesTransposed, zeros } from "./numbers.js";

/** @import { Cell, Step } from "./cells.js" */
/** @import { Vector } from "./numbers.js" */
/**
 * What a step's way back gives: the gradient with respect to the step before, `h` and `c`, and to
 * the sums inside: `word`, where e_t W + b is added, and `state`, where h_{t-1} U is.
 * @typedef {{h: Vector, c: Vector, word: Vector, state: Vector}} Back
 */

/**
 * delta = dh * tanh'; it goes on as delta U^T.
 * @param {Cell} cell
 * @param {Step} step
 * @param {{h: Vector, c: Vector}} to
 * @returns {Back}
 */
function simpleRnnBack(cell, { parts }, to) {
  const delta = multiply(to.h, slopes(cell.activation, parts.h));
  return {
    h: timesTransposed(delta, cell.recurrent_kernel),
    c: to.c,
    word: delta,
    state: delta,
  };
}

/**
 * dc gathers what comes through h; it goes on as f * dc, and through all four sums.
 * @param {Cell} cell
 * @param {Step} step
 * @param {{h: Vector, c: Vector}} to
 * @returns {Back}
 */
function lstmBack(cell, { parts, before }, to) {
  const { i, f, g, o, a } = parts;
  /** @type {(gate: Vector, gradient: Vector) => Vector} */
  const throughGate = (gate, gradient) =>
    multiply(gradient, slopes(cell.recurrent_activation, gate));
  const dc = add(to.c, multiply(multiply(to.h, o), slopes(cell.activation, a)));
  const delta = join(
    throughGate(i, multiply(dc, g)),
    throughGate(f, multiply(dc, /** @type {Step} */ (before).parts.c)),
    multiply(multiply(dc, i), slopes(cell.activation, g)),
    throughGate(o, multiply(to.h, a)),
  );
  return {
    h: timesTransposed(delta, cell.recurrent_kernel),
    c: multiply(dc, f),
    word: delta,
    state: delta,
  };
}

/**
 * dh goes on as z * dh, and through the gates and the candidate, whose state's part r has scaled.
 * @param {Cell} cell
 * @param {Step} step
 * @param {{h: Vector, c: Vector}} to
 * @returns {Back}
 */
function gruBack(cell, { parts, before }, to) {
  const { z, r, g, s } = parts;
  const old = /** @type {Step} */ (before).parts.h;
  /** @type {(gate: Vector, gradient: Vector) => Vector} */
  const throughGate = (gate, gradient) =>
    multiply(gradient, slopes(cell.recurrent_activation, gate));
  const dz = throughGate(z, to.h.map((slope, unit) => slope * (old[unit] - g[unit])));
  const toCandidate = to.h.map((slope, unit) => slope * (1 - z[unit]));
  const dg = multiply(toCandidate, slopes(cell.activation, g));
  const dr = throughGate(r, multiply(dg, s));
  const state = join(dz, dr, multiply(dg, r));
  const h = add(multiply(to.h, z), timesTransposed(state, cell.recurrent_kernel));
  return { h, c: zeros(cell.units), word: join(dz, dr, dg), state };
}

/** @type {Record<Cell["kind"], (cell: Cell, step: Step, to: {h: Vector, c: Vector}) => Back>} */
export const STEPS_BACK = { SimpleRNN: simpleRnnBack, LSTM: lstmBack, GRU: gruBack };
