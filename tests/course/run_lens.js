// Lets a page's network read reviews: JSON in, JSON out. For test_lens.py.
import {
  answerOf,
  answersOf,
  floatsOf,
  gradientLengths,
  networkOf,
  read,
} from "../../course_utils/lens/network.js";
import { cellsOf, idsOf } from "../../course_utils/lens/state.js";
import { wordIndexOf } from "../../course_utils/lens/words.js";

const { plan, weights, reviews = [], labels, vocabulary, texts = [] } = JSON.parse(
  await new Response(Deno.stdin.readable).text(),
);
const network = plan && networkOf(plan, floatsOf(weights));
const seen = reviews.map((ids, number) => {
  const reading = read(network, ids);
  return {
    answer: answerOf(reading),
    along: [...answersOf(network, reading)],
    lengths: gradientLengths(network, reading, labels[number]),
  };
});
const index = wordIndexOf(vocabulary ?? "");
const start = { crossed: [], zeros: 0, side: "behind" };
const ids = texts.map((text) => idsOf(cellsOf({ ...start, text }), index, 5000));
console.log(JSON.stringify({ seen, ids }));
