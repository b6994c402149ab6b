/**
 * Each layer, forwards, over all time steps.
 *
 * A layer gives a value for every time step: what it would hold had the review ended there. So one
 * run gives the answer after each word. Only a layer that reads backwards needs the whole review.
 */

import { fromWord, start, STEPS } from "./cells.js";
import { ACTIVATIONS, join, rowOf, scale, times, zeros } from "./numbers.js";

/** @import { Cell, Step } from "./cells.js" */
/** @import { Matrix, Vector } from "./numbers.js" */
/**
 * A layer, with what Keras calls its configuration and weights. `inputs`: the layers it reads.
 * @typedef {{name: string, inputs: number[]} & (
 *   {kind: "Embedding", embeddings: Matrix} |
 *   Cell & {backwards: boolean, return_sequences: boolean, zero_output_for_mask: boolean} |
 *   {kind: "GlobalAveragePooling1D" | "GlobalMaxPooling1D" | "MaximumOverTime"} |
 *   {kind: "Concatenate"} |
 *   {kind: "Dense", kernel: Matrix, bias: Vector, activation: string})} Layer
 */
/** @typedef {Extract<Layer, Cell>} Recurrent */
/**
 * What a layer read and gave, a vector for each time step. Of a recurrent layer also what each word
 * brought, and its steps.
 * @typedef {{inputs: Vector[][], outputs: Vector[], words?: Vector[], steps?: Step[]}} Trace
 */

/** Stands where nobody reads. */
const NOTHING = zeros(0);

/**
 * The order in which a recurrent layer reads.
 * @param {boolean} backwards
 * @param {number} length in time steps
 */
export function readingOrder(backwards, length) {
  const order = Array.from({ length }, (_, timestep) => timestep);
  return backwards ? order.reverse() : order;
}

/**
 * Read one time step after another; where the mask skips one, the state stays as it is.
 * @param {Recurrent} layer
 * @param {Vector[]} words what each word brings
 * @param {boolean[]} mask whether a time step is read
 */
function recurrent(layer, words, mask) {
  const steps = Array(words.length);
  let state = start(layer);
  for (const timestep of readingOrder(layer.backwards, words.length)) {
    if (mask[timestep]) state = STEPS[layer.kind](layer, words[timestep], state);
    steps[timestep] = state;
  }
  const given = layer.backwards && !layer.return_sequences ? steps.map(() => steps[0]) : steps;
  const nothing = zeros(layer.units);
  const outputs = given.map(({ parts }, timestep) =>
    layer.zero_output_for_mask && !mask[timestep] ? nothing : parts.h
  );
  return { words, steps, outputs };
}

/**
 * The mean over the words so far; before the first one there is none (NaN, as in Keras).
 * @param {Vector[]} vectors
 * @param {boolean[]} mask
 * @param {number} from
 */
function runningMean(vectors, mask, from) {
  const sum = zeros(vectors[0].length);
  let count = 0;
  return vectors.map((vector, timestep) => {
    if (mask[timestep]) {
      for (let unit = 0; unit < sum.length; unit++) sum[unit] += vector[unit];
      count++;
    }
    return timestep < from ? sum : scale(sum, 1 / count);
  });
}

/**
 * The largest value of each unit over the words so far.
 * @param {Vector[]} vectors
 * @param {boolean[]} mask
 * @param {number} from
 * @param {number} least what stands before the first word
 */
function runningMaximum(vectors, mask, from, least) {
  const largest = zeros(vectors[0].length).fill(least);
  return vectors.map((vector, timestep) => {
    if (mask[timestep]) {
      for (let unit = 0; unit < largest.length; unit++) {
        largest[unit] = Math.max(largest[unit], vector[unit]);
      }
    }
    return timestep < from ? largest : largest.slice();
  });
}

/**
 * Run one layer.
 * @param {Layer} layer
 * @param {Vector[][]} inputs for each layer it reads, a vector for each time step
 * @param {number[]} ids
 * @param {boolean[]} mask
 * @param {Vector[]} [words] what each word brings to a recurrent layer, if that is known
 * @param {number} [from] the first time step whose output somebody reads
 * @returns {Omit<Trace, "inputs">}
 */
export function run(layer, inputs, ids, mask, words, from = 0) {
  const [vectors] = inputs;
  /** @type {(make: (timestep: number) => Vector) => Vector[]} */
  const each = (make) => ids.map((_, timestep) => timestep < from ? NOTHING : make(timestep));
  switch (layer.kind) {
    case "Embedding":
      return { outputs: ids.map((id) => rowOf(layer.embeddings, id)) };
    case "GlobalAveragePooling1D":
      return { outputs: runningMean(vectors, mask, from) };
    case "MaximumOverTime":
      return { outputs: runningMaximum(vectors, mask, from, -1) };
    case "GlobalMaxPooling1D":
      return { outputs: runningMaximum(vectors, mask.map(() => true), from, -Infinity) };
    case "Concatenate":
      return { outputs: each((timestep) => join(...inputs.map((one) => one[timestep]))) };
    case "Dense": {
      const { of } = ACTIVATIONS[layer.activation];
      return {
        outputs: each((timestep) => times(vectors[timestep], layer.kernel, layer.bias).map(of)),
      };
    }
    default:
      return recurrent(layer, words ?? vectors.map((vector) => fromWord(layer, vector)), mask);
  }
}
