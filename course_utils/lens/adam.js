/** Adam, by Kingma and Ba, with Keras' numbers; a gradient longer than 1 is cut to 1 before. */

import { zerosLike } from "./learner.js";

/** @import { Weights } from "./learner.js" */
/** @typedef {{update: number, mean: Weights, square: Weights}} Adam */

const KEPT_OF_MEAN = 0.9;
const KEPT_OF_SQUARE = 0.999;
const ADAM_EPSILON = 1e-7;
const LONGEST = 1;

/** @type {(weights: Weights) => Adam} */
export const newAdam = (weights) => ({
  update: 0,
  mean: zerosLike(weights),
  square: zerosLike(weights),
});

/**
 * Change all weights by one step.
 * @param {Adam} adam
 * @param {Weights} weights
 * @param {Weights} gradients
 * @param {number} length of the whole gradient
 * @param {number} learningRate
 */
export function adamStep(adam, weights, gradients, length, learningRate) {
  adam.update += 1;
  const correction = Math.sqrt(1 - KEPT_OF_SQUARE ** adam.update) /
    (1 - KEPT_OF_MEAN ** adam.update);
  const shorter = Math.min(1, LONGEST / length);
  for (const [name, { values }] of Object.entries(weights)) {
    const [mean, square] = [adam.mean[name].values, adam.square[name].values];
    const gradient = gradients[name].values;
    for (let at = 0; at < values.length; at++) {
      const slope = shorter * gradient[at];
      mean[at] += (1 - KEPT_OF_MEAN) * (slope - mean[at]);
      square[at] += (1 - KEPT_OF_SQUARE) * (slope * slope - square[at]);
      values[at] -= learningRate * correction * mean[at] / (Math.sqrt(square[at]) + ADAM_EPSILON);
    }
  }
}
