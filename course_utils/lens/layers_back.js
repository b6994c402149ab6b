/** Each layer, backwards over all time steps: from the gradient of its outputs to its inputs'. */

import { readingOrder } from "./layers.js";
import { STEPS_BACK } from "./cells_back.js";
import { add, multiply, scale, slopes, timesTransposed, zeros } from "./numbers.js";

/** @import { Back } from "./cells_back.js" */
/** @import { Layer, Recurrent, Trace } from "./layers.js" */
/** @import { Vector } from "./numbers.js" */
/** The gradient at each time step; none where nothing comes back.
 * @typedef {(Vector | undefined)[]} Gradients */

/**
 * Backpropagation through time: from the last step that was read to the first.
 * @param {Recurrent} layer
 * @param {Trace} trace
 * @param {boolean[]} mask
 * @param {Gradients} toOutputs
 * @param {(timestep: number, back: Back) => void} [see] gets what each step gives
 */
export function recurrentBack(layer, { outputs, steps = [] }, mask, toOutputs, see) {
  /** @type {Gradients} */
  const toInputs = Array(outputs.length).fill(undefined);
  let to = { h: zeros(layer.units), c: zeros(layer.units) };
  const arrives = gradientsOfSteps(layer, toOutputs, mask);
  for (const timestep of readingOrder(!layer.backwards, outputs.length)) {
    const here = arrives[timestep];
    if (here) to = { ...to, h: add(to.h, here) };
    if (!mask[timestep]) continue;
    const back = STEPS_BACK[layer.kind](layer, steps[timestep], to);
    toInputs[timestep] = timesTransposed(back.word, layer.kernel);
    see?.(timestep, back);
    to = { h: back.h, c: back.c };
  }
  return toInputs;
}

/**
 * What a whole review read backwards gives was the state at its first time step; zeros that were
 * given in the place of a state send nothing back.
 * @param {Recurrent} layer
 * @param {Gradients} toOutputs
 * @param {boolean[]} mask
 * @returns {Gradients}
 */
function gradientsOfSteps(layer, toOutputs, mask) {
  if (layer.zero_output_for_mask) {
    return toOutputs.map((each, timestep) => mask[timestep] ? each : undefined);
  }
  if (!layer.backwards || layer.return_sequences) return toOutputs;
  const given = toOutputs.filter((each) => each !== undefined);
  return given.length ? [given.reduce(add)] : [];
}

/**
 * A mean sends each word so far an equal share.
 * @param {boolean[]} mask
 * @param {Gradients} toOutputs
 */
function meanBack(mask, toOutputs) {
  /** @type {Gradients} */
  const toInputs = Array(mask.length).fill(undefined);
  toOutputs.forEach((gradient, last) => {
    if (!gradient) return;
    const share = scale(
      gradient,
      1 / mask.filter((read, timestep) => read && timestep <= last).length,
    );
    for (let timestep = 0; timestep <= last; timestep++) {
      if (mask[timestep]) toInputs[timestep] = sum(toInputs[timestep], share);
    }
  });
  return toInputs;
}

/**
 * A maximum sends all to the time step where it was; where several tie, each gets an equal share.
 * @param {Trace} trace
 * @param {boolean[]} mask
 * @param {Gradients} toOutputs
 */
function maximumBack({ inputs: [vectors], outputs }, mask, toOutputs) {
  /** @type {Gradients} */
  const toInputs = Array(mask.length).fill(undefined);
  toOutputs.forEach((gradient, last) => {
    gradient?.forEach((slope, unit) => {
      const largest = vectors.flatMap((vector, timestep) =>
        timestep <= last && mask[timestep] && vector[unit] === outputs[last][unit] ? [timestep] : []
      );
      for (const timestep of largest) {
        const there = toInputs[timestep] ??= zeros(gradient.length);
        there[unit] += slope / largest.length;
      }
    });
  });
  return toInputs;
}

/** @type {(left: Vector | undefined, right: Vector) => Vector} */
export const sum = (left, right) => left ? add(left, right) : right;

/**
 * Send the gradient of one layer's outputs on to each layer it reads.
 * @param {Layer} layer
 * @param {Trace} trace
 * @param {boolean[]} mask
 * @param {Gradients} toOutputs
 * @returns {Gradients[]} for each layer it reads
 */
export function runBack(layer, trace, mask, toOutputs) {
  switch (layer.kind) {
    case "Embedding":
      return [];
    case "GlobalAveragePooling1D":
      return [meanBack(mask, toOutputs)];
    case "MaximumOverTime":
      return [maximumBack(trace, mask, toOutputs)];
    case "GlobalMaxPooling1D":
      return [maximumBack(trace, mask.map(() => true), toOutputs)];
    case "Concatenate": {
      let end = 0;
      return trace.inputs.map(([{ length }]) => {
        end += length;
        return toOutputs.map((each) => each?.slice(end - length, end));
      });
    }
    case "Dense":
      return [toOutputs.map((each, timestep) =>
        each && timesTransposed(
          multiply(each, slopes(layer.activation, trace.outputs[timestep])),
          layer.kernel,
        )
      )];
    default:
      return [recurrentBack(layer, trace, mask, toOutputs)];
  }
}
