/** The panel in which a small network learns one of the lesson's tasks, in front of one's eyes. */

import { element } from "./dom.js";
import { startTraining } from "./engine.js";
import { newHistory, outcome, remember, stageOf } from "./history.js";
import { followTheme, watchTheme } from "./theme.js";
import { TrainerControls } from "./trainer_controls.js";
import { gatesPicture, numbersTable, progressPictures } from "./trainer_view.js";

/** @import { Stop } from "./engine.js" */
/** @import { Change } from "./trainer_controls.js" */
/** @import { Progress } from "./training.js" */
/** A numbered state of a tour: what it sets, and what it says.
 * @typedef {{title: string, say: string, set: Change}} Guide */

const BETWEEN_PICTURES = 200;
const BETWEEN_STILL_PICTURES = 1000;
const NARROWEST = 280;

/** `<course-trainer>`: a script of type application/json in it holds the settings and `guided`. */
export class CourseTrainer extends HTMLElement {
  /** The text of all that computes, for the worker; the page sets it. */
  static engineSource = "";
  /** The text of the stylesheet; the page sets it. */
  static styleText = "";

  constructor() {
    super();
    this.controls = new TrainerControls(() => {
      this.leaveTour();
      this.reset();
    });
    this.history = newHistory();
    this.settings = this.controls.read();
    /** @type {Stop | null} */
    this.stopTraining = null;
    this.drawnAt = 0;
    this.startedAt = 0;
    this.redraw = 0;
    this.stage = "";
    this.parts = {
      guides: element("div", { className: "guides", role: "group", "aria-label": "Tour" }),
      say: element("p", { className: "say", role: "status" }),
      start: element("button", { type: "button", onclick: () => this.start() }, "Start"),
      stop: element("button", { type: "button", onclick: () => this.stop() }, "Stop"),
      reset: element("button", { type: "button", onclick: () => this.reset() }, "Reset"),
      now: element("p", { className: "now" }),
      outcome: element("p", { className: "outcome" }),
      told: element("p", { className: "told", role: "status" }),
      progress: element("div", { className: "pictures" }),
      gates: element("div"),
      table: element("div", {
        className: "numbers",
        tabIndex: 0,
        role: "group",
        "aria-label": "Numbers",
      }),
    };
    this.numbers = element("details", {}, element("summary", {}, "The numbers"), this.parts.table);
    this.numbers.addEventListener("toggle", () => this.draw());
    this.watch = new ResizeObserver(() => this.draw());
    this.build();
  }

  /** Put all parts in the shadow root. */
  build() {
    const { guides, say, start, stop, reset, now, told, progress, gates } = this.parts;
    this.attachShadow({ mode: "open" }).append(
      element("style", {}, CourseTrainer.styleText),
      guides,
      say,
      this.controls.form,
      element("div", { className: "buttons" }, start, stop, reset),
      now,
      this.parts.outcome,
      told,
      progress,
      gates,
      this.numbers,
    );
  }

  connectedCallback() {
    if (document.readyState === "loading") {
      document.addEventListener("DOMContentLoaded", () => this.connectedCallback(), { once: true });
      return;
    }
    const given = this.querySelector('script[type="application/json"]')?.textContent ?? "{}";
    const { guided = [], ...settings } = JSON.parse(given);
    this.parts.guides.replaceChildren(...guided.map(this.guideButton, this));
    this.controls.set(settings);
    this.reset();
    this.watch.observe(this);
    watchTheme(() => this.draw());
  }

  disconnectedCallback() {
    this.stop();
    this.watch.disconnect();
  }

  /** @type {(guide: Guide, place: number) => HTMLElement} */
  guideButton({ title, say, set }, place) {
    const button = element(
      "button",
      { type: "button", "aria-pressed": "false" },
      `${place + 1} ${title}`,
    );
    button.addEventListener("click", () => {
      this.leaveTour();
      this.controls.set(set);
      this.reset();
      button.setAttribute("aria-pressed", "true");
      this.parts.say.textContent = say;
    });
    return button;
  }

  /** The controls stand no more as a state of the tour has set them. */
  leaveTour() {
    this.parts.say.textContent = "";
    for (const button of this.parts.guides.children) button.setAttribute("aria-pressed", "false");
  }

  /** Begin anew with what the controls say. */
  start() {
    this.stopTraining?.();
    this.settings = this.controls.read();
    this.history = newHistory();
    this.startedAt = performance.now();
    this.tell("The training runs.");
    this.stopTraining = startTraining(
      CourseTrainer.engineSource,
      this.settings,
      (news, over) => this.hear(news, over),
    );
    this.draw();
  }

  /** End the training at once; what it has reached stays to be seen. */
  stop() {
    if (!this.stopTraining) return;
    this.end("Stopped.");
  }

  /** End the training and clear the pictures. */
  reset() {
    this.stopTraining?.();
    this.stopTraining = null;
    this.settings = this.controls.read();
    this.history = newHistory();
    this.tell("");
    this.draw();
  }

  /** @param {string} why */
  end(why) {
    this.stopTraining?.();
    this.stopTraining = null;
    this.tell(`${why} ${outcome(this.history)}`);
    this.draw();
  }

  /**
   * @param {Progress[]} news
   * @param {boolean} over
   */
  hear(news, over) {
    remember(this.history, news);
    if (over) return this.end("The training is over.");
    if (stageOf(this.history) !== this.stage && this.history.look) this.tell(outcome(this.history));
    const wait = this.drawnAt + betweenPictures() - performance.now();
    if (!this.redraw) this.redraw = setTimeout(() => this.draw(), Math.max(0, wait));
  }

  /** Say it to screen readers, which must not hear each update.
   * @param {string} sentence */
  tell(sentence) {
    this.stage = stageOf(this.history);
    this.parts.told.textContent = sentence;
  }

  draw() {
    clearTimeout(this.redraw);
    this.redraw = 0;
    this.drawnAt = performance.now();
    followTheme(this);
    const width = Math.max(NARROWEST, this.parts.gates.clientWidth);
    const half = width >= 2 * NARROWEST + 100 ? (width - 16) / 2 : width;
    this.parts.progress.replaceChildren(...progressPictures(this.history, half));
    this.parts.gates.replaceChildren(gatesPicture(this.history, this.settings, width));
    if (this.numbers.open) this.parts.table.replaceChildren(numbersTable(this.history));
    this.parts.now.textContent = this.stopTraining ? this.progressLine() : "";
    this.parts.outcome.textContent = this.history.look ? outcome(this.history) : "";
  }

  /** How far it is, and how long it may take. */
  progressLine() {
    const done = this.history.losses.length;
    if (done === 0) return "The training begins.";
    const left = (performance.now() - this.startedAt) / done * (this.history.updates - done) / 1000;
    return `Update ${done} of at most ${this.history.updates}; about ${Math.ceil(left)} s left.`;
  }
}

/** Who wants less motion gets a picture a second. */
const betweenPictures = () =>
  matchMedia("(prefers-reduced-motion: reduce)").matches
    ? BETWEEN_STILL_PICTURES
    : BETWEEN_PICTURES;
