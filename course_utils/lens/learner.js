/** The small model of the lesson's tasks: embedding, one recurrent layer, one sigmoid unit. */

import { BATCH_BACKWARDS, BATCH_FORWARDS, PARTS } from "./batch_cells.js";
import { sigmoid, zeroMatrix } from "./numbers.js";
import { addProduct, transposed, view } from "./products.js";
import { glorotUniform, orthogonal, uniformMatrix } from "./random.js";
import { NUM_TOKENS } from "./task.js";

/** @import { BatchBack, BatchStep } from "./batch_cells.js" */
/** @import { Cell } from "./cells.js" */
/** @import { Matrix } from "./numbers.js" */
/** @import { View } from "./products.js" */
/** @import { Random } from "./random.js" */
/** @import { Sequences } from "./task.js" */
/** Matrices by the names of Keras' weights; those of the sigmoid unit begin with `answer_`.
 * @typedef {Record<string, Matrix>} Weights */
/** @typedef {{kind: Cell["kind"], units: number, weights: Weights}} Learner */
/**
 * The arrays that one batch needs; the next one uses them again.
 * @typedef {{table: Float64Array, steps: BatchStep[], back: BatchBack, toTokens: Float64Array,
 *   toVectors: Float64Array, answers: Float64Array}} Workspace
 */
/**
 * Some of the sequences, and how many time steps of them are read.
 * @typedef {{sequences: Sequences, chosen: Uint32Array, length: number}} Batch
 */

/**
 * Make a model that starts as Keras starts one.
 * @param {Cell["kind"]} kind
 * @param {number} units
 * @param {number} vectorSize numbers per token
 * @param {number} forgetBias of an LSTM
 * @param {Random} random
 * @returns {Learner}
 */
export function newLearner(kind, units, vectorSize, forgetBias, random) {
  const width = PARTS[kind].parts * units;
  const bias = zeroMatrix(1, width);
  if (kind === "LSTM") bias.values.fill(forgetBias, units, 2 * units);
  const weights = {
    embeddings: uniformMatrix(random, NUM_TOKENS, vectorSize, 0.05),
    kernel: glorotUniform(random, vectorSize, width),
    recurrent_kernel: orthogonal(random, units, width),
    bias,
    recurrent_bias: zeroMatrix(1, width),
    answer_kernel: glorotUniform(random, units, 1),
    answer_bias: zeroMatrix(1, 1),
  };
  return { kind, units, weights };
}

/** Matrices of the same shapes, of zeros: for gradients, and for what Adam remembers.
 * @type {(weights: Weights) => Weights} */
export const zerosLike = (weights) =>
  Object.fromEntries(
    Object.entries(weights).map(([name, { rows, columns }]) => [name, zeroMatrix(rows, columns)]),
  );

/**
 * @param {Learner} learner
 * @param {number} rows sequences of a batch, at most
 * @param {number} length time steps, at most
 * @returns {Workspace}
 */
export function workspace({ kind, units, weights }, rows, length) {
  const { rows: vectorSize, columns: width } = weights.kernel;
  /** @type {(columns: number) => Float64Array} */
  const room = (columns) => new Float64Array(rows * columns);
  const steps = Array.from({ length: length + 1 }, () => ({
    h: room(units),
    c: room(units),
    a: room(units),
    sums: room(width),
    state: room(kind === "GRU" ? width : 0),
  }));
  const toWord = room(width);
  return {
    table: new Float64Array(NUM_TOKENS * width),
    steps,
    back: {
      toH: room(units),
      toC: room(units),
      toWord,
      toState: kind === "GRU" ? room(width) : toWord,
    },
    toTokens: new Float64Array(NUM_TOKENS * width),
    toVectors: room(vectorSize),
    answers: room(1),
  };
}

/** @type {(matrix: Matrix) => View} */
const viewOf = ({ values, columns }) => view(/** @type {Float64Array} */ (values), columns);

/**
 * Work that pauses after each time step: whoever runs it may let others have a turn.
 * @template Result
 * @typedef {Generator<null, Result, void>} Paused
 */

/**
 * Read a batch, one time step after another. What a token brings, e_t W + b, is the same wherever it
 * stands: it is worked out once for each of the 20.
 * @param {Learner} learner
 * @param {Workspace} work gets all steps, and the answers before the sigmoid
 * @param {Batch} batch
 * @returns {Paused<void>}
 */
export function* readBatch({ kind, units, weights }, work, { sequences, chosen, length }) {
  const { rows: vectorSize, columns: width } = weights.kernel;
  const rows = chosen.length;
  const kernel = viewOf(weights.recurrent_kernel);
  repeat(weights.bias.values, work.table, NUM_TOKENS);
  addProduct(
    view(work.table, width),
    viewOf(weights.embeddings),
    viewOf(weights.kernel),
    NUM_TOKENS,
    vectorSize,
    width,
  );
  for (let timestep = 0; timestep < length; timestep++) {
    const [before, step] = [work.steps[timestep], work.steps[timestep + 1]];
    for (let row = 0; row < rows; row++) {
      const token = sequences.ids[chosen[row] * sequences.length + timestep];
      copyRow(work.table, token, step.sums, row, width);
    }
    const fromState = kind === "GRU" ? step.state : step.sums;
    if (kind === "GRU") repeat(weights.recurrent_bias.values, step.state, rows);
    addProduct(view(fromState, width), view(before.h, units), kernel, rows, units, width);
    BATCH_FORWARDS[kind](step, before, rows, units);
    yield null;
  }
  answerBatch(weights, work.steps[length].h, work.answers, rows);
}

/**
 * @param {Weights} weights
 * @param {Float64Array} h after the last time step
 * @param {Float64Array} answers changed
 * @param {number} rows
 */
function answerBatch({ answer_kernel, answer_bias }, h, answers, rows) {
  const units = answer_kernel.rows;
  for (let row = 0; row < rows; row++) {
    answers[row] = answer_bias.values[0];
    for (let unit = 0; unit < units; unit++) {
      answers[row] += h[row * units + unit] * answer_kernel.values[unit];
    }
  }
}

/**
 * Binary cross-entropy and accuracy of the answers, each the mean over a batch.
 * @param {Workspace} work
 * @param {Batch} batch
 */
export function judged({ answers }, { sequences, chosen }) {
  let [loss, right] = [0, 0];
  chosen.forEach((sequence, row) => {
    const [x, label] = [answers[row], sequences.labels[sequence]];
    loss += Math.max(x, 0) - x * label + Math.log1p(Math.exp(-Math.abs(x)));
    right += Number(x > 0 === label > 0);
  });
  return { loss: loss / chosen.length, accuracy: right / chosen.length };
}

/**
 * Backpropagation through time: the gradients of a batch's loss with respect to all weights.
 * @param {Learner} learner
 * @param {Workspace} work as `readBatch` left it
 * @param {Batch} batch
 * @param {Weights} gradients changed
 * @returns {Paused<number>} the squared length of all gradients, as Keras measures it: that of the embeddings
 *   before what comes from several time steps with one token is added up
 */
export function* batchGradients({ kind, units, weights }, work, batch, gradients) {
  const { rows: vectorSize, columns: width } = weights.kernel;
  const { back, steps, toTokens } = work;
  const rows = batch.chosen.length;
  for (const { values } of Object.values(gradients)) values.fill(0);
  toTokens.fill(0);
  back.toC.fill(0);
  answerBack(weights, work, batch, gradients);
  const recurrent = transposed(viewOf(weights.recurrent_kernel));
  let squares = 0;
  for (let timestep = batch.length - 1; timestep >= 0; timestep--) {
    const [before, step] = [steps[timestep], steps[timestep + 1]];
    BATCH_BACKWARDS[kind](step, before, back, rows, units);
    const toState = view(back.toState, width);
    addProduct(view(back.toH, units), toState, recurrent, rows, width, units);
    const states = transposed(view(before.h, units));
    addProduct(viewOf(gradients.recurrent_kernel), states, toState, units, rows, width);
    if (kind === "GRU") addRows(back.toState, rows, gradients.recurrent_bias.values);
    squares += wordsBack(weights, work, batch, timestep, gradients);
    yield null;
  }
  const vectors = transposed(viewOf(weights.embeddings));
  const tokens = view(toTokens, width);
  addProduct(viewOf(gradients.kernel), vectors, tokens, vectorSize, NUM_TOKENS, width);
  addRows(toTokens, NUM_TOKENS, gradients.bias.values);
  const { embeddings: _, ...others } = gradients;
  return squares + Object.values(others).reduce((sum, { values }) => sum + squared(values), 0);
}

/**
 * From the loss to the last hidden state: the slope of the cross-entropy is p - label.
 * @param {Weights} weights
 * @param {Workspace} work
 * @param {Batch} batch
 * @param {Weights} gradients
 */
function answerBack(weights, { answers, steps, back }, { sequences, chosen, length }, gradients) {
  const units = weights.answer_kernel.rows;
  const { h } = steps[length];
  chosen.forEach((sequence, row) => {
    const slope = (sigmoid(answers[row]) - sequences.labels[sequence]) / chosen.length;
    gradients.answer_bias.values[0] += slope;
    for (let unit = 0, at = row * units; unit < units; unit++, at++) {
      gradients.answer_kernel.values[unit] += slope * h[at];
      back.toH[at] = slope * weights.answer_kernel.values[unit];
    }
  });
}

/**
 * From one time step's sums to its tokens: their sums, for W and b, and their vectors.
 * @param {Weights} weights
 * @param {Workspace} work
 * @param {Batch} batch
 * @param {number} timestep
 * @param {Weights} gradients
 */
function wordsBack(weights, work, { sequences, chosen }, timestep, gradients) {
  const { rows: vectorSize, columns: width } = weights.kernel;
  const { toVectors, back: { toWord }, toTokens } = work;
  const rows = chosen.length;
  toVectors.fill(0);
  const vectors = view(toVectors, vectorSize);
  const kernel = transposed(viewOf(weights.kernel));
  addProduct(vectors, view(toWord, width), kernel, rows, width, vectorSize);
  for (let row = 0; row < rows; row++) {
    const token = sequences.ids[chosen[row] * sequences.length + timestep];
    addRow(toWord, row, toTokens, token, width);
    addRow(toVectors, row, gradients.embeddings.values, token, vectorSize);
  }
  return squared(toVectors);
}

/** @typedef {Float32Array | Float64Array} Floats */

/** @type {(values: Floats) => number} */
export function squared(values) {
  let sum = 0;
  for (let at = 0; at < values.length; at++) sum += values[at] * values[at];
  return sum;
}

/** @type {(row: Floats, to: Floats, times: number) => void} */
function repeat(row, to, times) {
  for (let time = 0; time < times; time++) to.set(row, time * row.length);
}

/** @type {(from: Floats, row: number, to: Floats, place: number, width: number) => void} */
function copyRow(from, row, to, place, width) {
  for (let column = 0; column < width; column++) {
    to[place * width + column] = from[row * width + column];
  }
}

/** @type {(from: Floats, row: number, to: Floats, place: number, width: number) => void} */
function addRow(from, row, to, place, width) {
  for (let column = 0; column < width; column++) {
    to[place * width + column] += from[row * width + column];
  }
}

/** @type {(from: Floats, rows: number, to: Floats) => void} */
function addRows(from, rows, to) {
  for (let row = 0; row < rows; row++) addRow(from, row, to, 0, to.length);
}
