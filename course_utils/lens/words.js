/** Words become ids by the rule of Keras' IMDB data, as `encode_review` does. */

export const START_ID = 1;
export const OOV_ID = 2;
const FIRST_WORD_ID = 4;

/** What word processors, web pages and Windows put in the place of what was typed.
 * @type {Record<string, string>} */
const AS_TYPED = {
  "‘": "'",
  "’": "'",
  "“": '"',
  "”": '"',
  "–": "-",
  "—": "-",
  "…": "...",
  "\r": " ",
  "\u00a0": " ",
};
const PUNCTUATION = /[!"#$%&()*+,\-./:;<=>?@[\\\]^_`{|}~\t\n]/g;

/**
 * Cut a text into words. Only the 26 ASCII capitals become small letters; punctuation becomes a
 * space, and only the space separates words: `don't` stays one word.
 * @param {string} text
 */
export function wordsOf(text) {
  return text
    .replace(/[‘’“”–—…\r\u00a0]/g, (sign) => AS_TYPED[sign])
    .replace(PUNCTUATION, " ")
    .replace(/[A-Z]/g, (letter) => letter.toLowerCase())
    .split(" ")
    .filter(Boolean);
}

/**
 * Number the words of a vocabulary, the most frequent first: 4, 5, and so on.
 * @param {string} vocabulary its words, with spaces between
 */
export function wordIndexOf(vocabulary) {
  return new Map(vocabulary.split(" ").map((word, rank) => [word, rank + FIRST_WORD_ID]));
}

/**
 * The id of a word; that of unknown words if the model's vocabulary does not have it.
 * @param {string} word
 * @param {Map<string, number>} wordIndex
 * @param {number} numWords ids run below it
 */
export function idOf(word, wordIndex, numWords) {
  const id = wordIndex.get(word) ?? OOV_ID;
  return id < numWords ? id : OOV_ID;
}
