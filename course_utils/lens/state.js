/** What a reader has set, and what the networks then read. */

import { answerOf, answersOf, gradientLengths, read, readsForwards } from "./network.js";
import { idOf, OOV_ID, START_ID, wordsOf } from "./words.js";

/** @import { Network, Reading } from "./network.js" */
/**
 * All that can be set. `crossed`: places of words that are left out. `zeros`: how many, and `side`:
 * where they stand. `picked`: the cell whose step is looked into.
 * @typedef {object} State
 * @property {string} text
 * @property {number[]} crossed
 * @property {number} zeros
 * @property {"behind" | "in front"} side
 * @property {boolean} masked
 * @property {number} model
 * @property {number} layer of the recurrent ones
 * @property {number} label
 * @property {number} picked
 */
/**
 * One thing in a row: the start, a word, or a zero. `timestep`: its place in what is read; none if
 * it is crossed out. `word`: its place among the words.
 * @typedef {{kind: "start" | "word" | "zero", text: string, timestep: number, word: number}} Cell_
 */
/**
 * What a network made of a row. `answers`: after each time step; those from `done` on are not known
 * yet (NaN), and `rest` yields them.
 * @typedef {{reading: Reading, answer: number, answers: number[], known: boolean[], done: number,
 *   rest: Iterator<number>}} Seen
 */

export const MOST_WORDS = 1000;
export const MOST_ZEROS = 500;
const MOST_PICKED = MOST_WORDS + MOST_ZEROS;
/** @type {State["side"][]} */
const SIDES = ["behind", "in front"];

/** How many cells stand before the start.
 * @type {(state: State) => number} */
export const beginningOf = ({ zeros, side }) => (side === "in front" ? zeros : 0);

/**
 * Lay out the row that a state describes.
 * @param {State} state
 * @returns {Cell_[]}
 */
export function cellsOf({ text, crossed, zeros, side }) {
  const words = wordsOf(text).slice(-MOST_WORDS);
  /** @type {Cell_[]} */
  const padding = Array.from({ length: zeros }, () => cell("zero", "0"));
  const row = [cell("start", "(start)"), ...words.map((word, place) => cell("word", word, place))];
  const all = side === "behind" ? [...row, ...padding] : [...padding, ...row];
  let timestep = 0;
  for (const one of all) {
    one.timestep = crossed.includes(one.word) ? -1 : timestep++;
  }
  return all;
}

/** @type {(kind: Cell_["kind"], text: string, word?: number) => Cell_} */
const cell = (kind, text, word = -1) => ({ kind, text, word, timestep: 0 });

/**
 * The ids of what is read; `num_words`: those of the model's vocabulary.
 * @param {Cell_[]} cells
 * @param {Map<string, number>} wordIndex
 * @param {number} numWords
 */
export const idsOf = (cells, wordIndex, numWords) =>
  cells.filter(({ timestep }) => timestep >= 0).map(({ kind, text }) =>
    kind === "zero" ? 0 : kind === "start" ? START_ID : idOf(text, wordIndex, numWords)
  );

/**
 * Let a network read a row.
 * @param {Network} network
 * @param {Cell_[]} cells
 * @param {Map<string, number>} wordIndex
 * @param {boolean} masked
 * @returns {Seen}
 */
export function see(network, cells, wordIndex, masked) {
  const ids = idsOf(cells, wordIndex, network.num_words);
  const reading = read(network, ids, masked);
  const known = cells.map(({ kind, text }) =>
    kind !== "word" || idOf(text, wordIndex, network.num_words) !== OOV_ID
  );
  const seen = {
    reading,
    answer: answerOf(reading),
    answers: Array(ids.length).fill(NaN),
    known,
    done: 0,
    rest: answersOf(network, reading),
  };
  if (readsForwards(network)) readOn(seen, Infinity);
  return seen;
}

/**
 * Find more of the answers that are not known yet, for some milliseconds.
 * @param {Seen} seen changed
 * @param {number} milliseconds
 */
export function readOn(seen, milliseconds) {
  const end = performance.now() + milliseconds;
  while (seen.done < seen.answers.length && performance.now() < end) {
    seen.answers[seen.done++] = seen.rest.next().value;
  }
}

/** @type {(network: Network, seen: Seen, label: number) => number[]} */
export const wayBack = (network, { reading }, label) => gradientLengths(network, reading, label);

/** How far each time step moved the answer; nothing for the first.
 * @type {(answers: number[]) => number[]} */
export const movesOf = (answers) =>
  answers.map((answer, timestep) => answer - (answers[timestep - 1] ?? answer) || 0);

/**
 * Put two neighbouring words of a text in each other's place.
 * @param {State} state
 * @param {number} word the place of the first
 * @returns {State}
 */
export function swapped(state, word) {
  const words = wordsOf(state.text).slice(-MOST_WORDS);
  if (word < 0 || word + 1 >= words.length) return state;
  [words[word], words[word + 1]] = [words[word + 1], words[word]];
  /** @type {(place: number) => number} */
  const other = (place) => place === word ? word + 1 : place === word + 1 ? word : place;
  return {
    ...state,
    text: words.join(" "),
    crossed: state.crossed.map(other),
    picked: state.picked + 1,
  };
}

/** Read the words from the last to the first.
 * @type {(state: State) => State} */
export function reversed(state) {
  const words = wordsOf(state.text).slice(-MOST_WORDS).reverse();
  const crossed = state.crossed.map((place) => words.length - 1 - place);
  return { ...state, text: words.join(" "), crossed };
}

/** Cross a word out, or take it in again.
 * @type {(state: State, word: number) => State} */
export function toggled(state, word) {
  if (word < 0) return state;
  const crossed = state.crossed.includes(word)
    ? state.crossed.filter((place) => place !== word)
    : [...state.crossed, word];
  return { ...state, crossed };
}

/** Write a state so that an address can hold it.
 * @type {(state: State) => string} */
export const addressOf = (state) =>
  new URLSearchParams(
    Object.entries(state).map(([name, value]) => [name, String(value)]),
  ).toString();

/**
 * Read a state from an address; what it does not say, or says wrongly, stays as it is.
 * @param {string} address
 * @param {State} state
 * @param {number} models how many there are
 * @returns {State}
 */
export function stateFrom(address, state, models) {
  const said = new URLSearchParams(address);
  /** @type {(name: keyof State, most: number) => number} */
  const number = (name, most) => {
    const value = said.get(name) ?? "";
    return /^\d{1,4}$/.test(value) && Number(value) <= most ? Number(value) : Number(state[name]);
  };
  const crossed = said.get("crossed")?.split(",").filter((place) => /^\d{1,4}$/.test(place));
  const changed = {
    ...state,
    text: said.get("text") ?? state.text,
    crossed: crossed?.map(Number) ?? state.crossed,
    zeros: number("zeros", MOST_ZEROS),
    side: SIDES.find((side) => side === said.get("side")) ?? state.side,
    masked: { true: true, false: false }[said.get("masked") ?? ""] ?? state.masked,
    model: number("model", models - 1),
    layer: number("layer", 9),
    label: number("label", 1),
  };
  const last = beginningOf(changed) + wordsOf(changed.text).length;
  return { ...changed, picked: said.has("picked") ? number("picked", MOST_PICKED) : last };
}
