/**
 * A training of the small model on one of the lesson's tasks, one update after another: the set-up
 * of notebook 4, "What gates are for", made smaller so that it takes seconds: half of its units for
 * "pick one out", two thirds of its updates for "keep one thing".
 */

import { adamStep, newAdam } from "./adam.js";
import { PARTS } from "./batch_cells.js";
import { batchGradients, judged, newLearner, readBatch, workspace, zerosLike } from "./learner.js";
import { randomFrom, shuffled } from "./random.js";
import { TASKS } from "./task.js";

/** @import { Cell } from "./cells.js" */
/** @import { Learner, Paused, Workspace } from "./learner.js" */
/** @import { Sequences, Task } from "./task.js" */
/**
 * What the reader sets; `zeros` stand behind the `k` tokens, and a mask skips them.
 * @typedef {{task: Task, cell: Cell["kind"], k: number, forget_bias: number, zeros: number,
 *   mask: boolean, learning_rate: number, seed: number}} Settings
 */
/**
 * A look at sequences that the training never sees: the accuracy on them, and, along the first of
 * them, the mean over the units of each gate, or of |h| where there are no gates.
 * @typedef {{accuracy: number, tokens: number[], label: number,
 *   curves: Record<string, number[]>}} Look
 */
/** Loss and accuracy are those of the update's batch, before the update.
 * @typedef {{update: number, updates: number, loss: number, accuracy: number,
 *   look: Look | null}} Progress */

const BATCH = 64;
const VECTOR_SIZE = 16;
const HELD_OUT = 256;
const UPDATES_BETWEEN_LOOKS = 20;
/** A task counts as learned after so many looks, one after another, with such an accuracy. */
const LOOKS_TO_BE_SURE = 3;
const ALL_BUT_SURE = 0.99;
/** Of the model; and of the training: its sequences, and how often each is read. */
const SIZES = {
  keep: { units: 32, count: 3000, epochs: 8 },
  pick: { units: 16, count: 4000, epochs: 15 },
};

/**
 * Train until all is learned, or all sequences have been read as often as they should. Gives its
 * progress after each update, and null in between; the same settings give the same numbers.
 * @param {Settings} settings
 * @returns {Generator<Progress | null, void, void>}
 */
export function* training({ task, cell, k, forget_bias, zeros, mask, learning_rate, seed }) {
  const { units, count, epochs } = SIZES[task];
  const random = randomFrom(seed);
  const learner = newLearner(cell, units, VECTOR_SIZE, forget_bias, random);
  const sequences = TASKS[task](count, k, zeros, random);
  const heldOut = TASKS[task](HELD_OUT, k, zeros, random);
  const length = mask ? k : k + zeros;
  const work = workspace(learner, BATCH, length);
  const [adam, gradients] = [newAdam(learner.weights), zerosLike(learner.weights)];
  const updates = epochs * Math.ceil(count / BATCH);
  let order = new Uint32Array();
  for (let update = 1, sure = 0; update <= updates && sure < LOOKS_TO_BE_SURE; update++) {
    if (order.length === 0) order = shuffled(random, count);
    const batch = { sequences, chosen: order.subarray(0, BATCH), length };
    order = order.subarray(BATCH);
    yield* readBatch(learner, work, batch);
    const judgement = judged(work, batch);
    const squares = yield* batchGradients(learner, work, batch, gradients);
    adamStep(adam, learner.weights, gradients, Math.sqrt(squares), learning_rate);
    const looks = update % UPDATES_BETWEEN_LOOKS === 0 || update === updates;
    const look = looks ? yield* lookAt(learner, work, heldOut, length) : null;
    if (look) sure = look.accuracy >= ALL_BUT_SURE ? sure + 1 : 0;
    yield { update, updates, ...judgement, look };
  }
}

/**
 * @param {Learner} learner
 * @param {Workspace} work
 * @param {Sequences} heldOut
 * @param {number} length
 * @returns {Paused<Look>}
 */
function* lookAt(learner, work, heldOut, length) {
  let accuracy = 0;
  const all = Uint32Array.from({ length: heldOut.count }, (_, place) => place);
  for (let end = heldOut.count; end > 0; end -= BATCH) {
    const batch = { sequences: heldOut, chosen: all.subarray(end - BATCH, end), length };
    yield* readBatch(learner, work, batch);
    accuracy += judged(work, batch).accuracy * BATCH / heldOut.count;
  }
  const tokens = Array.from(heldOut.ids.subarray(0, heldOut.length));
  return { accuracy, tokens, label: heldOut.labels[0], curves: curvesOf(learner, work, length) };
}

/**
 * Means over the units along the first sequence that was read last.
 * @param {Learner} learner
 * @param {Workspace} work
 * @param {number} length
 * @returns {Record<string, number[]>}
 */
function curvesOf({ kind, units }, { steps }, length) {
  const read = steps.slice(1, length + 1);
  /** @type {(values: Float64Array) => number} */
  const mean = (values) => values.reduce((sum, value) => sum + Math.abs(value), 0) / units;
  const gates = Object.entries(PARTS[kind].gates);
  if (gates.length === 0) return { "|h|": read.map(({ h }) => mean(h.subarray(0, units))) };
  return Object.fromEntries(
    gates.map(([name, part]) => [
      name,
      read.map(({ sums }) => mean(sums.subarray(part * units, (part + 1) * units))),
    ]),
  );
}
