/** Writes what the page's training starts from: sequences of a task, or a model's weights. */

import { newLearner } from "../../course_utils/lens/learner.js";
import { randomFrom } from "../../course_utils/lens/random.js";
import { TASKS } from "../../course_utils/lens/task.js";

const [what, ...numbers] = Deno.args;
const [first, second, third, seed = 0] = numbers.map(Number);
if (what in TASKS) {
  const { ids, labels } = TASKS[what](first, second, third, randomFrom(seed));
  console.log(JSON.stringify({ ids: Array.from(ids), labels: Array.from(labels) }));
} else {
  const { weights } = newLearner(what, first, second, third, randomFrom(seed));
  for (const matrix of Object.values(weights)) matrix.values = Array.from(matrix.values);
  console.log(JSON.stringify(weights));
}
