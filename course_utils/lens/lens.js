/** The panel: what a reader sets, and what the networks make of it. Computing is done elsewhere. */

import { chart } from "./chart.js";
import { element, table, written } from "./dom.js";
import { recurrentLayers, shareOf, storyOf } from "./explain.js";
import { answerOf, floatsOf, gradientLengths, networkOf, read } from "./network.js";
import {
  addressOf,
  beginningOf,
  cellsOf,
  MOST_WORDS,
  MOST_ZEROS,
  movesOf,
  readOn,
  reversed,
  see,
  stateFrom,
  swapped,
  toggled,
  wayBack,
} from "./state.js";
import { followTheme, watchTheme } from "./theme.js";
import { wordIndexOf, wordsOf } from "./words.js";

/** @import { Network } from "./network.js" */
/** @import { Cell_, Seen, State } from "./state.js" */
/** @typedef {{say: string, set: Partial<State>}} Stop */

const ALONG = "The answer after each time step";
const NO_ANSWER = "no answer yet";
/** Milliseconds of reading between two pictures: the page still answers to keys. */
const SLICE = 40;
/** Pixels of a picture on a slide, where two must find room. */
const LOW = 140;

/** The element of a page: it waits for what `look_inside` wrote, and shows it in a panel. */
export class CourseLens extends HTMLElement {
  /** The style sheet's text; the page's script sets it. */
  static css = "";

  connectedCallback() {
    if (this.shadowRoot) return;
    if (document.readyState === "loading") {
      document.addEventListener("DOMContentLoaded", () => this.connectedCallback(), { once: true });
      return;
    }
    const data = this.querySelector("script[type='application/json']")?.textContent;
    if (!data) return;
    this.panel = new Panel(this, JSON.parse(data));
    this.panel.begin();
  }

  /**
   * Let a model read ids, as `model(ids)` in Keras: for whoever looks at the page's own numbers.
   * @param {number} model its place
   * @param {number[]} ids
   */
  answer(model, ids) {
    return answerOf(read(/** @type {Panel} */ (this.panel).networks[model], ids));
  }

  /**
   * The length of the loss' gradient at each word.
   * @param {number} model its place
   * @param {number[]} ids
   * @param {number} label
   */
  lengths(model, ids, label) {
    const network = /** @type {Panel} */ (this.panel).networks[model];
    return gradientLengths(network, read(network, ids), label);
  }
}

/** One panel: its state, its elements, and how they are drawn. */
class Panel {
  /**
   * @param {HTMLElement} host
   * @param {any} data
   */
  constructor(host, { models, weights, vocabulary, text, label, tour }) {
    const block = floatsOf(weights);
    this.host = host;
    this.root = host.attachShadow({ mode: "open" });
    /** @type {Network[]} */
    this.networks = models.map((/** @type {any} */ plan) => networkOf(plan, block));
    this.wordIndex = wordIndexOf(vocabulary);
    /** @type {Stop[]} */
    this.tour = tour;
    /** @type {boolean} */
    this.wide = host.closest(".reveal") !== null;
    /** @type {State} */
    this.first = {
      text,
      crossed: [],
      zeros: 0,
      side: "behind",
      masked: this.networks[0].masked,
      model: 0,
      layer: 0,
      label,
      picked: wordsOf(text).length,
    };
    this.state = this.first;
    this.compared = this.first;
    /** @type {Network | null} */
    this.comparedBy = null;
    this.comparedAnswer = NaN;
    // What was read last: as long as it is the same, a picked word reads nothing anew.
    this.row = "";
    /** @type {Cell_[]} */
    this.cells = [];
    /** @type {Seen[]} */
    this.seen = [];
    /** @type {number[][]} */
    this.lengths = [];
    this.frame = 0;
    this.later = 0;
    this.width = 600;
    /** @type {Record<string, any>} */
    this.part = this.build();
  }

  /** Show the first state, or that of the address, and follow what changes around the panel. */
  begin() {
    this.arrange();
    this.followAddress();
    addEventListener("hashchange", () => this.followAddress());
    new ResizeObserver(() => {
      this.measure();
      this.draw();
    }).observe(this.host);
    watchTheme(() => this.draw());
  }

  /** Take over the state that the page's address holds, if it speaks of this panel. */
  followAddress() {
    const [name, ...rest] = location.hash.slice(1).split("?");
    const said = rest.join("?");
    if (this.host.id && name === this.host.id && rest.length > 0) {
      this.set(stateFrom(said, this.first, this.networks.length));
      this.host.scrollIntoView();
    } else this.set({});
  }

  /**
   * Change the state, and draw what follows from it.
   * @param {Partial<State>} change
   */
  set(change) {
    this.state = { ...this.state, ...change };
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => this.draw());
  }

  /** Make the elements that change. */
  build() {
    const { networks } = this;
    return {
      text: element("textarea", {
        rows: this.wide ? 2 : 3,
        maxLength: 20000,
        spellcheck: false,
        "aria-label": "Review: type or paste one",
        oninput: (/** @type {any} */ event) =>
          this.set({
            text: event.target.value,
            crossed: [],
            picked: beginningOf(this.state) + wordsOf(event.target.value).length,
          }),
      }),
      answers: element("div", { className: "answers", "aria-live": "polite" }),
      words: element("div", {
        className: "words",
        role: "listbox",
        "aria-label": "The words as they are read. Arrow keys pick one, Delete crosses it out.",
        onkeydown: (/** @type {KeyboardEvent} */ event) => this.onKey(event),
      }),
      zeros: element("input", {
        type: "range",
        max: MOST_ZEROS,
        "aria-label": "Number of zeros",
        oninput: (/** @type {any} */ event) =>
          this.putZeros(Number(event.target.value), this.state.side),
      }),
      count: element("output"),
      side: this.select(
        "Where the zeros stand",
        ["behind", "in front"],
        (place) => this.putZeros(this.state.zeros, place ? "in front" : "behind"),
      ),
      masked: element("input", {
        type: "checkbox",
        onchange: (/** @type {any} */ event) => this.set({ masked: event.target.checked }),
      }),
      model: this.select(
        "Model",
        networks.map(({ name }) => name),
        (model) => this.set({ model, layer: 0, masked: networks[model].masked }),
      ),
      label: this.select(
        "The right answer",
        ["negative", "positive"],
        (label) => this.set({ label }),
      ),
      layer: element("span"),
      along: element("div"),
      back: element("div"),
      inside: element("div"),
      numbers: element("div", {
        className: "scroll",
        tabIndex: 0,
        role: "region",
        "aria-label": "Numbers",
      }),
      said: element("p", { className: "said", "aria-live": "polite" }),
      notice: element("p", { className: "notice", role: "status" }),
    };
  }

  /** Put all elements in their places. */
  arrange() {
    const { part, networks, wide } = this;
    const heading = networks.length > 1 ? "Models" : networks[0].name;
    this.root.append(
      element("style", {}, CourseLens.css),
      element(
        "section",
        { className: wide ? "lens wide" : "lens", "aria-label": `Look inside: ${heading}` },
        this.tour.length > 0 && this.tourBar(),
        element(
          "div",
          { className: "left" },
          networks.length > 1 && element("label", {}, "Inside ", part.model),
          part.text,
          element(
            "p",
            { className: "small hint" },
            "Type a review of your own. Click a word below, or walk with the arrow keys: blue moved the " +
              "answer up, orange down.",
          ),
          this.tools(),
          part.answers,
          part.words,
        ),
        element(
          "div",
          { className: "right" },
          this.fold(ALONG, true, part.along),
          this.fold(
            "The way back: the loss' gradient at each word",
            true,
            part.back,
            element("label", { className: "small" }, "The right answer is ", part.label),
          ),
          this.fold("Inside one step", !wide, part.layer, part.inside),
          !wide && this.fold("All numbers as a table", false, part.numbers),
        ),
        part.notice,
      ),
    );
  }

  /**
   * @param {string} label
   * @param {string[]} options
   * @param {(place: number) => void} choose
   */
  select(label, options, choose) {
    return element(
      "select",
      {
        "aria-label": label,
        onchange: (/** @type {any} */ event) => choose(event.target.selectedIndex),
      },
      ...options.map((option) => element("option", {}, option)),
    );
  }

  /**
   * A part that can be folded; on a slide, one of those below the answers is open at a time.
   * @param {string} title
   * @param {boolean} open
   * @param {...Node} content
   */
  fold(title, open, ...content) {
    const ontoggle = () => this.draw();
    const name = this.wide ? title === ALONG ? "along" : "beside" : "";
    return element("details", { open, name, ontoggle }, element("summary", {}, title), ...content);
  }

  tourBar() {
    const buttons = this.tour.map(({ say, set }, place) =>
      element("button", {
        type: "button",
        "aria-label": `Step ${place + 1} of the tour`,
        onclick: () => {
          buttons.forEach((one, other) => one.setAttribute("aria-pressed", `${other === place}`));
          this.part.said.textContent = say;
          this.compare(this.state);
          this.set(stateOfStop(this.first, set));
        },
      }, place + 1)
    );
    return element("div", { className: "tour" }, "A tour:", ...buttons, this.part.said);
  }

  tools() {
    const { part } = this;
    /** @type {(title: string, does: () => void) => HTMLButtonElement} */
    const button = (title, does) => element("button", { type: "button", onclick: does }, title);
    return element(
      "div",
      { className: "tools" },
      element("label", {}, "Zeros ", part.zeros, part.count),
      part.side,
      element("label", {}, part.masked, " mask"),
      button("Cross out", () => this.set(toggled(this.state, this.word))),
      button("Swap with next", () => this.set(swapped(this.state, this.word))),
      button("Reverse", () => this.set(reversed(this.state))),
      button("Compare from here", () => {
        this.compare(this.state);
        this.draw();
      }),
      button("Start over", () => {
        this.compare(this.first);
        this.set(this.first);
      }),
      this.host.id !== "" && !this.wide && button("Link", () => {
        history.replaceState(null, "", `#${this.host.id}?${addressOf(this.state)}`);
        navigator.clipboard?.writeText(location.href).catch(() => {});
        part.notice.textContent = "The address of this page now leads back to this state.";
      }),
    );
  }

  /** The place of the picked word among the words, −1 if none is picked. */
  get word() {
    return this.cells[this.state.picked]?.word ?? -1;
  }

  /**
   * Set the zeros; the same word stays picked.
   * @param {number} zeros
   * @param {State["side"]} side
   */
  putZeros(zeros, side) {
    const words = wordsOf(this.state.text).length;
    const word = Math.max(0, Math.min(words, this.state.picked - beginningOf(this.state)));
    this.set({ zeros, side, picked: word + beginningOf({ ...this.state, zeros, side }) });
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    const steps = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
    const step = steps[/** @type {keyof typeof steps} */ (event.key)];
    const shown = this.shownCells();
    const at = shown.findIndex((place) => place >= this.state.picked);
    const ends = { Home: shown[0], End: shown[shown.length - 1] };
    const end = ends[/** @type {keyof typeof ends} */ (event.key)];
    if (step) this.set({ picked: shown[at + step] ?? this.state.picked });
    else if (end !== undefined) this.set({ picked: end });
    else if (event.key === "Delete" || event.key === "Backspace") {
      this.set(toggled(this.state, this.word));
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** The cells that are drawn: of the zeros only one, the picked one or the last. */
  shownCells() {
    const { cells, state } = this;
    const pickedZero = cells[state.picked]?.kind === "zero";
    return cells.flatMap(({ kind }, place) => {
      const last = cells[place + 1]?.kind !== "zero";
      return kind !== "zero" || (pickedZero ? place === state.picked : last) ? [place] : [];
    });
  }

  /** Read, and draw everything: first the answers, and the way back when there is time. */
  draw() {
    const { state, networks } = this;
    this.frame = 0;
    followTheme(this.host);
    const { text, crossed, zeros, side, masked, label } = state;
    const row = JSON.stringify([text, crossed, zeros, side, masked, label]);
    if (row !== this.row) {
      this.row = row;
      this.lengths = [];
      this.cells = cellsOf(state);
      this.seen = networks.map((network) => see(network, this.cells, this.wordIndex, state.masked));
    }
    state.picked = Math.min(state.picked, this.cells.length - 1);
    this.drawControls();
    this.drawAnswers();
    this.drawWords();
    this.drawAlong();
    this.drawInside();
    clearTimeout(this.later);
    this.later = setTimeout(() => {
      this.drawWayBack();
      this.drawNumbers();
      this.readRest();
    });
  }

  /** Find the answers that take long, in slices, and draw them as they come. */
  readRest() {
    const slow = this.seen.filter(({ done, answers }) => done < answers.length);
    if (slow.length === 0) return;
    for (const one of slow) readOn(one, SLICE);
    this.drawWords();
    this.drawAlong();
    this.later = setTimeout(() => {
      this.readRest();
      this.drawNumbers();
    });
  }

  drawControls() {
    const { part, state } = this;
    if (part.text.value !== state.text) part.text.value = state.text;
    part.zeros.value = state.zeros;
    part.count.textContent = state.zeros;
    part.side.selectedIndex = state.side === "behind" ? 0 : 1;
    part.masked.checked = state.masked;
    part.model.selectedIndex = state.model;
    part.label.selectedIndex = state.label;
    const words = wordsOf(state.text).length;
    part.notice.textContent = words > MOST_WORDS
      ? `The text has ${words} words; the last ${MOST_WORDS} are read.`
      : "";
  }

  /**
   * Keep a state, and what the chosen model answers in it, for comparison.
   * @param {State} state
   */
  compare(state) {
    const network = this.networks[this.state.model];
    this.compared = state;
    this.comparedBy = network;
    this.comparedAnswer = see(network, cellsOf(state), this.wordIndex, state.masked).answer;
  }

  drawAnswers() {
    const { networks, state, compared, seen } = this;
    if (this.comparedBy !== networks[state.model]) this.compare(compared);
    this.part.answers.replaceChildren(
      tile(
        networks.length > 1 ? `${networks[state.model].name}, before` : "before",
        this.comparedAnswer,
      ),
      element("span", { className: "arrow", "aria-hidden": "true" }, "→"),
      ...networks.map(({ name }, place) => {
        return tile(networks.length > 1 ? name : "now", seen[place].answer);
      }),
    );
  }

  drawWords() {
    const { part, state, cells, seen } = this;
    const { answers, known } = seen[state.model];
    const moves = movesOf(answers);
    const focused = part.words.contains(this.root.activeElement);
    const shown = this.shownCells();
    while (part.words.children.length > shown.length) part.words.lastChild.remove();
    while (part.words.children.length < shown.length) {
      part.words.append(element("span", { role: "option" }));
    }
    shown.forEach((place, number) => {
      const { kind, text, timestep } = cells[place];
      const option = part.words.children[number];
      const move = moves[timestep] ?? 0;
      const name = kind === "zero" ? `${state.zeros} zeros` : text;
      option.textContent = known[place] ? name : `${name} ?`;
      option.className = `word ${kind}${timestep < 0 ? " crossed" : ""}${
        known[place] ? "" : " unknown"
      }`;
      option.style.setProperty("--move", `${Math.min(90, 400 * Math.abs(move)).toFixed(0)}%`);
      option.classList.toggle("up", move > 0);
      option.classList.toggle("down", move < 0);
      option.setAttribute("aria-selected", String(place === state.picked));
      option.setAttribute("aria-label", spoken(name, kind, timestep, known[place], move, answers));
      option.tabIndex = place === state.picked ? 0 : -1;
      option.onclick = () => this.set({ picked: place });
      if (place === state.picked && focused) option.focus({ preventScroll: true });
    });
  }

  /** The time step of the picked cell. */
  get timestep() {
    return this.cells[this.state.picked]?.timestep ?? 0;
  }

  /** Find the width that a picture has, in pixels of 16 to a letter. */
  measure() {
    const letters = parseFloat(getComputedStyle(this.part.along).fontSize) / 16;
    this.width = Math.max(280, Math.min(900, (this.part.along.clientWidth || 600) / letters));
  }

  /** Pick the cell that is read at a time step.
   * @param {number} timestep */
  pick(timestep) {
    const picked = this.cells.findIndex((cell) => cell.timestep === timestep);
    if (picked >= 0) this.set({ picked });
  }

  drawAlong() {
    const { part, networks, seen } = this;
    const { timestep, width } = this;
    const curves = networks.map(({ name }, style) => ({
      name,
      style,
      values: seen[style].answers,
    }));
    const ends = curves.map(({ name, style }) => `${name} ends at ${written(seen[style].answer)}`);
    part.along.replaceChildren(
      chart(curves, {
        label: `Probability of positive after each time step: ${ends.join(", ")}.`,
        x: "time step",
        y: "P(positive)",
        range: [0, 1],
        level: 0.5,
        cursor: timestep < 0 ? undefined : timestep,
        height: this.wide ? LOW : undefined,
        pick: (place) => this.pick(place),
      }, width),
      legend(networks),
    );
  }

  drawWayBack() {
    const { part, networks, seen, state } = this;
    const { timestep, width } = this;
    if (this.lengths.length === 0) {
      this.lengths = networks.map((network, place) => wayBack(network, seen[place], state.label));
    }
    const back = this.lengths;
    if (!isOpen(part.back)) return;
    const powers = back.flat().filter((length) => length > 0).map(Math.log10);
    const low = Math.floor(Math.min(-1, ...powers));
    const high = Math.ceil(Math.max(low + 2, ...powers));
    const ends = networks.map(({ name }, place) =>
      `${networks.length > 1 ? `${name}: ` : ""}${power(back[place][0])} at the first time step, ${
        power(back[place].at(-1) ?? 0)
      } at the last`
    );
    part.back.replaceChildren(
      chart(networks.map(({ name }, style) => ({ name, style, values: back[style] })), {
        label: `Length of the gradient at each time step, on a log scale. ${ends.join("; ")}.`,
        x: "time step",
        y: "gradient",
        range: [low, high],
        log: true,
        cursor: timestep < 0 ? undefined : timestep,
        height: this.wide ? LOW : undefined,
        pick: (place) => this.pick(place),
      }, width),
      legend(networks),
      element("p", { className: "small" }, `${ends.join("; ")}.`),
    );
  }

  drawInside() {
    const { part, networks, state, seen, cells } = this;
    if (!isOpen(part.inside)) return;
    const network = networks[state.model];
    const { reading } = seen[state.model];
    const { text, timestep } = cells[state.picked];
    const layers = recurrentLayers(network);
    const place = layers[Math.min(state.layer, layers.length - 1)];
    part.layer.replaceChildren(...(layers.length > 1 ? [this.layerSelect(layers)] : []));
    const say = (/** @type {string} */ sentence) =>
      part.inside.replaceChildren(element("p", {}, sentence));
    if (timestep < 0) return say(`“${text}” is crossed out: it is not read.`);
    if (!reading.mask[timestep]) return say("The mask skips this zero: the state stays as it is.");
    const story = place === undefined
      ? shareOf(network, reading, timestep)
      : storyOf(network, reading, place, timestep);
    const what = place === undefined
      ? `The ten largest numbers of “${text}”`
      : `The ten units that “${text}” moved most`;
    part.inside.replaceChildren(
      element("p", {}, `${what}; unit ${story.rows[0]?.unit} spelled out:`),
      element(
        "div",
        { className: "formula" },
        ...story.lines.map((line) => element("div", {}, line)),
      ),
      element(
        "div",
        { className: "scroll", tabIndex: 0, role: "region", "aria-label": what },
        table(
          ["unit", ...story.columns],
          story.rows.map(({ unit, values }) => [unit, ...values.map(shown)]),
        ),
      ),
    );
  }

  /** @param {number[]} layers */
  layerSelect(layers) {
    const { networks, state } = this;
    const names = layers.map((place) => networks[state.model].layers[place].name);
    const select = this.select("Layer", names, (layer) => this.set({ layer }));
    select.selectedIndex = Math.min(state.layer, layers.length - 1);
    return element("label", {}, "Layer ", select);
  }

  /** All that the pictures show, for those who cannot see them. */
  drawNumbers() {
    const { part, networks, cells, seen, lengths } = this;
    if (!isOpen(part.numbers)) return part.numbers.replaceChildren();
    const columns = networks.flatMap(({ name }) => [`${name}: P(positive)`, `${name}: gradient`]);
    const rows = cells.filter(({ timestep }) => timestep >= 0).map(({ text, timestep }) => [
      timestep + 1,
      text,
      ...networks.flatMap((_, place) => [
        shown(seen[place].answers[timestep]),
        power(lengths[place]?.[timestep] ?? 0),
      ]),
    ]);
    part.numbers.replaceChildren(table(["time step", "word", ...columns], rows));
  }
}

/** Whether the fold that an element stands in is open.
 * @type {(inside: HTMLElement) => boolean} */
const isOpen = (inside) => inside.closest("details")?.open ?? false;

/** What a stop of a tour sets; unless it picks a word, the last one is.
 * @type {(first: State, set: Partial<State>) => State} */
function stateOfStop(first, set) {
  const state = { ...first, ...set };
  const words = wordsOf(state.text).length;
  return { ...state, picked: beginningOf(state) + Math.min(words, set.picked ?? words) };
}

/** @type {(name: string, answer: number) => HTMLElement} */
function tile(name, answer) {
  const verdict = Number.isNaN(answer) ? NO_ANSWER : answer > 0.5 ? "positive" : "negative";
  const bar = element("span", { className: "bar" });
  bar.style.setProperty("--share", `${100 * answer}%`);
  return element(
    "div",
    { className: "tile" },
    element("span", { className: "small" }, name),
    element("strong", {}, `${verdict} ${written(answer)}`),
    bar,
  );
}

/**
 * What a screen reader says of a word.
 * @param {string} name
 * @param {string} kind
 * @param {number} timestep
 * @param {boolean} known
 * @param {number} move
 * @param {number[]} answers
 */
function spoken(name, kind, timestep, known, move, answers) {
  if (timestep < 0) return `${name}, crossed out`;
  const unknown = known ? "" : ", not in the vocabulary";
  const moved = kind === "word" ? `, moves the answer by ${written(move)}` : "";
  return `${name}${unknown}${moved}, answer ${written(answers[timestep])}`;
}

/** @type {(length: number) => string} */
const power = (length) => (length > 0 ? `10^${written(Math.log10(length), 1)}` : "0");

/** A number in a table.
 * @type {(value: number) => number | string} */
const shown = (value) => Number.isInteger(value) ? value : written(value, 3);

/** @param {Network[]} networks */
function legend(networks) {
  const names = networks.map(({ name }, style) =>
    element("span", { className: `key key-${style}` }, name)
  );
  return element("div", { className: "legend" }, ...(networks.length > 1 ? names : []));
}
