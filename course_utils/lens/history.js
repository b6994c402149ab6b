/** What a training has said so far, and one sentence about it. */

import { written } from "./dom.js";

/** @import { Look, Progress } from "./training.js" */
/**
 * A number for each update: `losses` and `accuracies` are means over the last 20 batches, `held` is
 * the accuracy on new sequences at the last look. `looks` are the updates with a look.
 * @typedef {{updates: number, losses: number[], accuracies: number[], held: number[],
 *   looks: number[], look: Look | null, batches: Progress[]}} History
 */

const BATCHES_IN_A_MEAN = 20;
const LEARNED = 0.95;
const CHANCE = 0.6;

/** @type {() => History} */
export const newHistory = () => ({
  updates: 0,
  losses: [],
  accuracies: [],
  held: [],
  looks: [],
  look: null,
  batches: [],
});

/**
 * @param {History} history changed
 * @param {Progress[]} news
 */
export function remember(history, news) {
  for (const progress of news) {
    history.updates = progress.updates;
    history.batches = [...history.batches.slice(1 - BATCHES_IN_A_MEAN), progress];
    history.losses.push(meanOver(history.batches, "loss"));
    history.accuracies.push(meanOver(history.batches, "accuracy"));
    if (progress.look) {
      history.look = progress.look;
      history.looks.push(progress.update);
    }
    history.held.push(history.look?.accuracy ?? NaN);
  }
}

/** @type {(batches: Progress[], name: "loss" | "accuracy") => number} */
const meanOver = (batches, name) =>
  batches.reduce((sum, batch) => sum + batch[name], 0) / batches.length;

/**
 * Say in one sentence what has happened.
 * @param {History} history
 */
export function outcome({ held, losses }) {
  const done = losses.length;
  const accuracy = held[done - 1];
  const learned = held.findIndex((each) => each >= LEARNED);
  if (!(accuracy >= 0)) return `${done} updates so far.`;
  if (learned >= 0 && accuracy >= LEARNED) {
    return `Learned: ${written(accuracy)} right after ${learned + 1} updates.`;
  }
  if (learned >= 0) return `Learned and lost again: ${written(accuracy)} after ${done} updates.`;
  if (accuracy < CHANCE) return `At chance after ${done} updates: ${written(accuracy)} right.`;
  return `Part of the way: ${written(accuracy)} right after ${done} updates.`;
}

/** The sentence without its numbers: when it changes, something has happened.
 * @type {(history: History) => string} */
export const stageOf = (history) => outcome(history).replace(/[\d.].*/, "");
