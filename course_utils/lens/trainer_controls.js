/** The controls of a training: what they are called, how far they go, and what they say. */

import { element } from "./dom.js";

/** @import { Settings } from "./training.js" */
/** @typedef {keyof Settings} Name */
/** @typedef {Partial<Settings>} Change */
/**
 * One control: `input` holds its value, `shown` is the number beside a slider.
 * @typedef {{input: HTMLInputElement | HTMLSelectElement, shown: HTMLOutputElement | null}} Control
 */

/** @type {Settings} */
export const DEFAULTS = {
  task: "pick",
  cell: "LSTM",
  k: 50,
  forget_bias: 1,
  zeros: 0,
  mask: false,
  learning_rate: 0.003,
  seed: 1,
};

/** @type {Record<string, Record<string, string>>} */
const CHOICES = {
  task: { pick: "pick one out", keep: "keep one thing" },
  cell: { SimpleRNN: "SimpleRNN", LSTM: "LSTM", GRU: "GRU" },
};
/** @type {Record<string, {type: string, min: number, max: number, step: number | "any"}>} */
const NUMBERS = {
  k: { type: "range", min: 4, max: 100, step: 1 },
  forget_bias: { type: "range", min: -1, max: 6, step: 0.5 },
  zeros: { type: "range", min: 0, max: 100, step: 5 },
  learning_rate: { type: "number", min: 0.0001, max: 0.1, step: "any" },
  seed: { type: "number", min: 0, max: 999999, step: 1 },
};
/** @type {Record<Name, string>} */
const LABELS = {
  task: "Task",
  cell: "Cell",
  k: "Tokens, k",
  forget_bias: "Forget bias (LSTM)",
  zeros: "Zeros behind",
  mask: "Mask the zeros",
  learning_rate: "Learning rate",
  seed: "Seed",
};

export class TrainerControls {
  /** @param {() => void} changed is called after each change by hand */
  constructor(changed) {
    /** @type {Record<string, Control>} */
    this.controls = {};
    this.form = element("div", { className: "controls" });
    for (const [name, label] of Object.entries(LABELS)) {
      const control = controlFor(name);
      this.controls[name] = control;
      this.form.append(element("label", {}, element("span", {}, label), ...partsOf(control)));
      control.input.addEventListener("input", () => {
        this.refresh();
        changed();
      });
    }
    this.set(DEFAULTS);
  }

  /** @param {Change} change what else is in it is passed over */
  set(change) {
    for (const [name, { input }] of Object.entries(this.controls)) {
      const value = change[/** @type {Name} */ (name)];
      if (value === undefined) continue;
      if (input.type === "checkbox") {
        /** @type {HTMLInputElement} */ (input).checked = value === true;
      } else input.value = String(value);
    }
    this.refresh();
  }

  /** Show the numbers beside the sliders; the forget gate is an LSTM's. */
  refresh() {
    for (const { input, shown } of Object.values(this.controls)) {
      if (shown) shown.value = input.value.replace("-", "−");
    }
    this.controls.forget_bias.input.disabled = this.controls.cell.input.value !== "LSTM";
  }

  /** The settings; a number that is missing or too far out is set right in its control.
   * @returns {Settings} */
  read() {
    const settings = Object.fromEntries(
      Object.entries(this.controls).map(([name, control]) => [name, valueOf(name, control)]),
    );
    this.set(settings);
    return /** @type {any} */ (settings);
  }
}

/** @type {(control: Control) => HTMLElement[]} */
const partsOf = ({ input, shown }) => shown ? [input, shown] : [input];

/** @type {(name: string) => Control} */
function controlFor(name) {
  if (name in CHOICES) {
    const choices = Object.entries(CHOICES[name]);
    const options = choices.map(([value, text]) => element("option", { value }, text));
    return { input: element("select", {}, ...options), shown: null };
  }
  if (name === "mask") return { input: element("input", { type: "checkbox" }), shown: null };
  const input = element("input", NUMBERS[name]);
  return { input, shown: input.type === "range" ? element("output") : null };
}

/** @type {(name: string, control: Control) => string | boolean | number} */
function valueOf(name, { input }) {
  if (input instanceof HTMLSelectElement) return input.value || Object.keys(CHOICES[name])[0];
  if (input.type === "checkbox") return input.checked;
  const { min, max } = NUMBERS[name];
  const given = input.value === "" ? Number(DEFAULTS[/** @type {Name} */ (name)]) : +input.value;
  return Math.min(max, Math.max(min, name === "seed" ? Math.round(given) : given));
}
