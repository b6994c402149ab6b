/** The lesson's two tasks, as `course_utils/tasks.py` makes them: keep one thing, or pick one out. */

import { wholeBetween } from "./random.js";

/** @import { Random } from "./random.js" */
/**
 * Sequences with their answers, 0 or 1. The ids of all stand in one row, one sequence after another.
 * @typedef {{count: number, length: number, ids: Uint8Array, labels: Uint8Array}} Sequences
 */
/** @typedef {"keep" | "pick"} Task */

/** Ids run below it; 0 is no token. */
export const NUM_TOKENS = 20;
export const FLAG = 3;

/**
 * @param {number} count
 * @param {number} length
 * @param {Random} random tosses the coin for each answer
 * @returns {Sequences}
 */
function labelled(count, length, random) {
  const labels = Uint8Array.from({ length: count }, () => wholeBetween(random, 0, 2));
  return { count, length, ids: new Uint8Array(count * length), labels };
}

/**
 * Keep one thing: the first token, 1 or 2, is the answer; others follow, from 3 to 19.
 * @param {number} count
 * @param {number} k tokens
 * @param {number} zeros behind them
 * @param {Random} random
 */
function firstTokenTask(count, k, zeros, random) {
  const made = labelled(count, k + zeros, random);
  made.labels.forEach((label, row) => {
    const tokens = made.ids.subarray(row * made.length, row * made.length + k);
    for (let place = 1; place < k; place++) tokens[place] = wholeBetween(random, FLAG, NUM_TOKENS);
    tokens[0] = 1 + label;
  });
  return made;
}

/**
 * Pick one out: the token two steps behind the flag is the answer; all others are 1 or 2, by a coin,
 * but one, which holds the opposite: so counting says nothing.
 * @param {number} count
 * @param {number} k tokens, at least 4
 * @param {number} zeros behind them
 * @param {Random} random
 */
function flagTask(count, k, zeros, random) {
  const made = labelled(count, k + zeros, random);
  made.labels.forEach((label, row) => {
    const tokens = made.ids.subarray(row * made.length, row * made.length + k);
    for (let place = 0; place < k; place++) tokens[place] = wholeBetween(random, 1, FLAG);
    const flag = wholeBetween(random, 0, k - 2);
    const away = wholeBetween(random, 2, k);
    tokens[flag] = FLAG;
    tokens[flag + 2] = 1 + label;
    tokens[(flag + (away === 2 ? 1 : away)) % k] = 2 - label;
  });
  return made;
}

/** @type {Record<Task, (count: number, k: number, zeros: number, random: Random) => Sequences>} */
export const TASKS = { keep: firstTokenTask, pick: flagTask };
