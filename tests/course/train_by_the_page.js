/** Trains as the page does, with these settings and for so many updates; writes all progress. */

import { training } from "../../course_utils/lens/training.js";

const [settings, updates] = Deno.args.map((each) => JSON.parse(each));
const progress = [];
for (const each of training(settings)) {
  if (each) progress.push(each);
  if (progress.length === updates) break;
}
console.log(JSON.stringify(progress));
