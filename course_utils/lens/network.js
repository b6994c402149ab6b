/** A whole network: its layers one after another, the answer after each word, and the way back. */

import { run } from "./layers.js";
import { runBack, sum } from "./layers_back.js";
import { norm } from "./numbers.js";

/** @import { Layer, Trace } from "./layers.js" */
/** @import { Gradients } from "./layers_back.js" */
/** @import { Matrix, Vector } from "./numbers.js" */
/** `num_words`: ids run below it. `masked`: whether zeros are skipped as it was trained.
 * @typedef {{name: string, num_words: number, masked: boolean, layers: Layer[]}} Network */
/** @typedef {{ids: number[], mask: boolean[], traces: Trace[]}} Reading */

const PADDING_ID = 0;

/**
 * Read a review.
 * @param {Network} network
 * @param {number[]} ids
 * @param {boolean} masked whether zeros are skipped
 * @returns {Reading}
 */
export function read(network, ids, masked = network.masked) {
  const mask = ids.map((id) => !masked || id !== PADDING_ID);
  /** @type {Trace[]} */
  const traces = [];
  for (const layer of network.layers) {
    const inputs = layer.inputs.map((place) => traces[place].outputs);
    traces.push({ inputs, ...run(layer, inputs, ids, mask) });
  }
  return { ids, mask, traces };
}

/** The probability of "positive" after the whole review.
 * @type {(reading: Reading) => number} */
export const answerOf = ({ traces, ids }) => lastOf(traces).outputs[ids.length - 1][0];

/** Whether a network knows an answer after each word from one reading: nothing in it reads backwards.
 * @type {(network: Network) => boolean} */
export const readsForwards = (network) => !readAnew(network).some(Boolean);

/**
 * The probability of "positive" after each time step, one after another. What reads backwards, and
 * what reads that, reads each beginning of the review anew.
 * @param {Network} network
 * @param {Reading} reading
 */
export function* answersOf(network, { ids, mask, traces }) {
  const anew = readAnew(network);
  let answer = NaN;
  for (let timestep = 0; timestep < ids.length; timestep++) {
    if (!anew.some(Boolean)) answer = lastOf(traces).outputs[timestep][0];
    else if (mask[timestep]) {
      answer = answerOfBeginning(network, { ids, mask, traces }, anew, timestep);
    }
    yield answer;
  }
}

/** Of each layer, whether what it gives for a word depends on later words.
 * @type {(network: Network) => boolean[]} */
function readAnew({ layers }) {
  /** @type {boolean[]} */
  const anew = [];
  for (const layer of layers) {
    anew.push(("backwards" in layer && layer.backwards) || layer.inputs.some((one) => anew[one]));
  }
  return anew;
}

/** Whether a layer's last output depends on more than the last of what it reads.
 * @type {(layer: Layer) => boolean} */
const readsAll = ({ kind }) => kind !== "Concatenate" && kind !== "Dense";

/**
 * @param {Network} network
 * @param {Reading} whole
 * @param {boolean[]} anew
 * @param {number} last the time step at which the review ends
 */
function answerOfBeginning({ layers }, { ids, mask, traces }, anew, last) {
  const beginning = ids.slice(0, last + 1);
  /** @type {Vector[][]} */
  const outputs = [];
  layers.forEach((layer, place) => {
    if (!anew[place]) return outputs.push(traces[place].outputs.slice(0, last + 1));
    const inputs = layer.inputs.map((one) => outputs[one]);
    const known = !layer.inputs.some((one) => anew[one]);
    const words = known ? traces[place].words?.slice(0, last + 1) : undefined;
    const from = layers.some((one) => one.inputs.includes(place) && readsAll(one)) ? 0 : last;
    outputs.push(run(layer, inputs, beginning, mask, words, from).outputs);
  });
  return lastOf(outputs)[last][0];
}

/**
 * The length of the loss' gradient at each word's vector, by backpropagation; the loss is the
 * binary cross-entropy.
 * @param {Network} network
 * @param {Reading} reading
 * @param {number} label 0 or 1
 * @returns {number[]} for each time step, in nats per unit of the embedding
 */
export function gradientLengths(network, reading, label) {
  const { traces, mask, ids } = reading;
  /** @type {Gradients[]} */
  const gradients = traces.map(() => Array(ids.length).fill(undefined));
  // At the sum inside the last sigmoid, the slope of the cross-entropy is p - y.
  lastOf(gradients)[ids.length - 1] = Float64Array.of(answerOf(reading) - label);
  for (let place = traces.length - 1; place >= 0; place--) {
    const layer = network.layers[place];
    const last = place === traces.length - 1;
    const inside = last ? { ...layer, activation: "linear" } : layer;
    const toInputs = runBack(/** @type {Layer} */ (inside), traces[place], mask, gradients[place]);
    layer.inputs.forEach((input, number) =>
      toInputs[number].forEach((each, timestep) => {
        if (each) gradients[input][timestep] = sum(gradients[input][timestep], each);
      })
    );
  }
  const embedding = network.layers.findIndex(({ kind }) => kind === "Embedding");
  return gradients[embedding].map((each) => (each ? norm(each) : 0));
}

/**
 * @template T
 * @param {T[]} list
 */
const lastOf = (list) => list[list.length - 1];

/**
 * Make a network of what Python wrote: layers, whose arrays are places in one block of float32.
 * @param {{name: string, num_words: number, masked: boolean, layers: any[]}} plan
 * @param {Float32Array} weights
 * @returns {Network}
 */
export function networkOf({ layers, ...plan }, weights) {
  /** @type {(value: any) => any} */
  const filled = (value) => {
    if (!value?.shape) return value;
    const [rows, columns] = value.shape;
    const values = weights.subarray(value.at, value.at + rows * (columns ?? 1));
    return columns ? { rows, columns, values } : Float64Array.from(values);
  };
  /** @type {(layer: any) => any} */
  const withWeights = (layer) =>
    Object.fromEntries(Object.entries(layer).map(([key, value]) => [key, filled(value)]));
  return { ...plan, layers: layers.map(withWeights) };
}

/**
 * Read float32 numbers, little-endian, from base64.
 * @param {string} text
 */
export function floatsOf(text) {
  const bytes = Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  return Float32Array.from(
    { length: bytes.length / 4 },
    (_, place) => view.getFloat32(4 * place, true),
  );
}
