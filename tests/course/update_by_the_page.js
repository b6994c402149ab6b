/** Does updates as the page's training does them; reads a model and a batch, writes what came out. */

import { adamStep, newAdam } from "../../course_utils/lens/adam.js";
import {
  batchGradients,
  judged,
  readBatch,
  workspace,
  zerosLike,
} from "../../course_utils/lens/learner.js";

const { kind, units, weights, ids, labels, length, learningRate, updates } = JSON.parse(
  Deno.readTextFileSync(Deno.args[0]),
);
for (const matrix of Object.values(weights)) matrix.values = Float64Array.from(matrix.values);
const learner = { kind, units, weights };
const count = labels.length;
const sequences = { count, length: ids.length / count, ids, labels };
const batch = { sequences, chosen: Uint32Array.from(labels, (_, row) => row), length };
const work = workspace(learner, count, length);
const gradients = zerosLike(weights);
const adam = newAdam(weights);
const results = [];
for (let update = 0; update < updates; update++) {
  allOf(readBatch(learner, work, batch));
  const { loss, accuracy } = judged(work, batch);
  const gradientLength = Math.sqrt(allOf(batchGradients(learner, work, batch, gradients)));
  adamStep(adam, weights, gradients, gradientLength, learningRate);
  results.push({
    loss,
    accuracy,
    gradientLength,
    gradients: plain(gradients),
    weights: plain(weights),
  });
}
console.log(JSON.stringify(results));

function allOf(steps) {
  let next = steps.next();
  while (!next.done) next = steps.next();
  return next.value;
}

function plain(matrices) {
  return Object.fromEntries(
    Object.entries(matrices).map(([name, { values }]) => [name, Array.from(values)]),
  );
}
