/** Random numbers from a seed: the same numbers again for the same seed. */

/** @import { Matrix } from "./numbers.js" */
import { zeroMatrix } from "./numbers.js";

/** Gives a number from 0 up to, but not including, 1.
 * @typedef {() => number} Random */

/**
 * Start a generator: mulberry32, by Tommy Ettinger.
 * @param {number} seed
 * @returns {Random}
 */
export function randomFrom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A whole number from `low` up to, but not including, `high`.
 * @type {(random: Random, low: number, high: number) => number} */
export const wholeBetween = (random, low, high) => low + Math.floor(random() * (high - low));

/** A number of the standard normal distribution, as Box and Muller draw it.
 * @type {(random: Random) => number} */
export const normal = (random) =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

/**
 * The numbers below `count`, in an order drawn by Fisher and Yates' shuffle.
 * @param {Random} random
 * @param {number} count
 */
export function shuffled(random, count) {
  const order = Uint32Array.from({ length: count }, (_, place) => place);
  for (let last = count - 1; last > 0; last--) {
    const other = wholeBetween(random, 0, last + 1);
    [order[last], order[other]] = [order[other], order[last]];
  }
  return order;
}

/**
 * A matrix of numbers between -limit and limit: Keras' "uniform" for 0.05.
 * @param {Random} random
 * @param {number} rows
 * @param {number} columns
 * @param {number} limit
 * @returns {Matrix}
 */
export function uniformMatrix(random, rows, columns, limit) {
  const values = Float64Array.from({ length: rows * columns }, () => limit * (2 * random() - 1));
  return { rows, columns, values };
}

/** Keras' "glorot_uniform", by Glorot and Bengio: the more units on both sides, the smaller.
 * @type {(random: Random, rows: number, columns: number) => Matrix} */
export const glorotUniform = (random, rows, columns) =>
  uniformMatrix(random, rows, columns, Math.sqrt(6 / (rows + columns)));

/**
 * Keras' "orthogonal" for a matrix that is not higher than wide: rows of length 1 at right angles.
 * Each row of normal numbers loses what it shares with the rows above (Gram and Schmidt).
 * @param {Random} random
 * @param {number} rows
 * @param {number} columns
 * @returns {Matrix}
 */
export function orthogonal(random, rows, columns) {
  const { values } = zeroMatrix(rows, columns);
  for (let row = 0; row < rows; row++) {
    const here = values.subarray(row * columns, (row + 1) * columns);
    for (let column = 0; column < columns; column++) here[column] = normal(random);
    for (let above = 0; above < row; above++) {
      const other = values.subarray(above * columns, (above + 1) * columns);
      const share = dot(here, other);
      for (let column = 0; column < columns; column++) here[column] -= share * other[column];
    }
    const length = Math.sqrt(dot(here, here));
    for (let column = 0; column < columns; column++) here[column] /= length;
  }
  return { rows, columns, values };
}

/** @type {(left: ArrayLike<number>, right: ArrayLike<number>) => number} */
function dot(left, right) {
  let sum = 0;
  for (let place = 0; place < left.length; place++) sum += left[place] * right[place];
  return sum;
}
