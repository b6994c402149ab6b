// Code on slides runs and can be changed, in the deck that `make present` serves.
(() => {
  const cells = new Map(
    [...document.querySelectorAll(".code[data-cell]")].map((code) => [code.dataset.cell, code]),
  );
  const preview = /receiver/.test(location.search); // in the window of notes

  const make = (tag, attributes) => Object.assign(document.createElement(tag), attributes);

  // Asks the server; addresses are below the token.
  function ask(order, cell, source) {
    return fetch(order, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ cell, source }),
    });
  }

  const isBusy = (code) => ["waiting", "running"].includes(code.dataset.state);

  const text = (code) =>
    code.querySelector("textarea")?.value ?? code.querySelector("pre").textContent;

  async function run(code) {
    if (isBusy(code)) return;
    code.querySelector("textarea")?.blur();
    code.dataset.state = "waiting";
    const answer = await ask("run", code.dataset.cell, text(code)).catch(() => ({ ok: false }));
    if (!answer.ok) delete code.dataset.state;
  }

  // Makes code a field to write in, with what stands there, until it is left.
  function edit(code) {
    if (code.querySelector("textarea")) return;
    const field = make("textarea", { value: text(code).replace(/\n$/, ""), spellcheck: false });
    field.setAttribute("aria-label", "Code of this cell; Shift and Enter run it, Escape leaves it");
    const fit = () => {
      field.style.height = 0;
      field.style.height = `${field.scrollHeight}px`;
    };
    field.addEventListener("input", fit);
    field.addEventListener("keydown", (event) => {
      if (event.key !== "Tab" || event.shiftKey) return;
      event.preventDefault();
      field.setRangeText("    ", field.selectionStart, field.selectionEnd, "end");
    });
    field.addEventListener("blur", () => leave(code, field));
    code.append(field);
    code.classList.add("edited");
    field.focus();
    fit();
  }

  function leave(code, field) {
    const pre = code.querySelector("pre");
    code.classList.remove("edited");
    if (field.value !== pre.textContent.replace(/\n$/, "")) pre.textContent = field.value;
    field.remove();
  }

  // The cell that Shift+Enter runs: where one writes, else the next that is to be seen on the slide.
  function nextCell() {
    const focused = document.activeElement.closest(".code[data-cell]");
    if (focused) return focused;
    const seen = [...Reveal.getCurrentSlide().querySelectorAll(".code[data-cell]")].filter(
      (code) => !code.closest(".fragment:not(.visible)"),
    );
    const last = seen.findIndex((code) => code === lastRun);
    return seen[(last + 1) % seen.length];
  }
  let lastRun = null;

  function onKey(event) {
    if (
      event.key !== "Enter" || !event.shiftKey || event.composedPath()[0].matches?.("input, select")
    ) return;
    event.preventDefault();
    event.stopPropagation();
    lastRun = nextCell();
    if (lastRun) run(lastRun);
  }

  // Shows outputs in the place of those before; text gets smaller until it fits, or else scrolls.
  function show(code, html) {
    const name = code.dataset.cell;
    let outputs = document.querySelector(`.results[data-cell="${CSS.escape(name)}"]`);
    if (!outputs) {
      outputs = make("div", { className: "results" });
      outputs.dataset.cell = name;
      code.after(outputs);
    }
    outputs.classList.add("live");
    outputs.closest(".fragment")?.classList.add("visible");
    outputs.innerHTML = html;
    if (outputs.querySelector("img, table")) {
      code.closest(".cell").classList.replace("side", "stack");
    }
    fit(outputs);
  }

  function fit(outputs) {
    const isTooLarge = () =>
      outputs.scrollHeight > outputs.clientHeight + 1 ||
      outputs.scrollWidth > outputs.clientWidth + 1;
    const { bottom } = outputs.closest(".sheet").getBoundingClientRect();
    const room = (bottom - outputs.getBoundingClientRect().top) / Reveal.getScale() - 52;
    outputs.style.maxHeight = `${Math.max(room, 120)}px`;
    for (const size of [24, 21, 18]) {
      if (!isTooLarge()) return;
      for (const output of outputs.children) output.style.fontSize = `${size}px`;
    }
    if (!isTooLarge()) return;
    outputs.tabIndex = 0;
    outputs.classList.add("scroll");
    if (outputs.querySelector("pre.output")) outputs.scrollTop = outputs.scrollHeight;
  }

  function hear({ cell, state, code, html, prepared, of, problem }) {
    if (!cell) {
      return say(
        prepared < of ? `Preparing cells: ${prepared} of ${of}` : problem,
        prepared < of ? "" : "problem",
      );
    }
    const field = cells.get(cell);
    if (!field) return;
    field.dataset.state = state;
    if (code && !field.matches(".edited")) field.querySelector("pre").innerHTML = code;
    if (html !== undefined && (html || state === "done")) show(field, html);
    label(field);
  }

  const mark = make("p", { id: "live", hidden: true });
  mark.setAttribute("role", "status");

  function say(line, kind) {
    mark.hidden = !line || preview;
    mark.className = kind;
    if (mark.textContent !== line) mark.textContent = line;
  }

  function label(code) {
    const button = code.querySelector(".run");
    if (!button) return;
    button.textContent = isBusy(code) ? "Stop" : "Run";
    button.title = isBusy(code) ? "Stop this cell" : "Run this cell (Shift+Enter)";
  }

  function addButtons(code) {
    const buttons = make("div", { className: "buttons" });
    const add = (name, act) => {
      const button = make("button", {
        className: name.toLowerCase(),
        type: "button",
        textContent: name,
      });
      button.addEventListener("mousedown", (event) => event.preventDefault()); // a field keeps its focus
      button.addEventListener("click", act);
      buttons.append(button);
    };
    add("Edit", () => edit(code));
    add("Run", () => (isBusy(code) ? ask("stop", code.dataset.cell) : run(code)));
    code.append(buttons);
    code.addEventListener("click", (event) => {
      if (!buttons.contains(event.target) && !String(getSelection())) edit(code);
    });
    label(code);
  }

  document.querySelector(".reveal").append(mark);
  if (!preview) {
    for (const code of cells.values()) addButtons(code);
    document.addEventListener("keydown", onKey, true);
  }
  const events = new EventSource("events");
  events.addEventListener("message", (event) => hear(JSON.parse(event.data)));
  events.addEventListener(
    "error",
    () => say("The lecture's server has ended: slides go on, cells do not run.", "problem"),
  );

  help.append(
    helpOf("Code on slides", [
      { keys: ["Shift+Enter"], says: "run the next cell, or the one being written in" },
      { keys: ["click"], says: "on code: change it" },
      { keys: ["Escape"], says: "leave the code" },
    ]),
  );
})();
