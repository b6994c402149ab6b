// Search: the slides that hold a text, their numbers and titles; the words are marked where one goes.
const sought = make("input", {
  type: "text",
  role: "searchbox",
  "aria-label": "Search the slides",
  autocomplete: "off",
});
const count = make("p", { role: "status" });
const hits = make("ol");
const finder = dialog("Search", sought, count, hits);

function openSearch() {
  if (Reveal.isOverview()) Reveal.toggleOverview(false);
  finder.returnValue = "";
  finder.showModal();
  sought.select();
}

function textsOf(slide) {
  const walker = document.createTreeWalker(slide, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) {
    if (!walker.currentNode.parentElement.closest("aside, script, style")) {
      texts.push(walker.currentNode);
    }
  }
  return texts;
}

function listHits() {
  const text = sought.value.trim().toLowerCase();
  const found = Reveal.getSlides().map((slide, index) => {
    const all = textsOf(slide).map((node) => node.data).join("").toLowerCase();
    if (!text || !all.includes(text)) return null;
    const link = make(
      "a",
      { href: `#/${slide.id}` },
      `${index + 1} · ${slide.querySelector("h1").textContent}`,
    );
    link.addEventListener("click", () => {
      finder.close("found");
      markAll(text);
      fresh = true;
    });
    return make("li", {}, link);
  }).filter(Boolean);
  hits.replaceChildren(...found);
  count.textContent = text ? `${found.length} ${found.length === 1 ? "slide" : "slides"}` : "";
}

function markAll(text) {
  const ranges = Reveal.getSlides().flatMap(textsOf).flatMap((node) =>
    [...node.data.toLowerCase().matchAll(RegExp.escape?.(text) ?? text.replace(/\W/g, "\\$&"))].map(
      ({ index }) => {
        const range = new Range();
        range.setStart(node, index);
        range.setEnd(node, index + text.length);
        return range;
      },
    )
  );
  CSS.highlights.set("found", new Highlight(...ranges));
}

// Marks stay until one goes on, or looks for something else.
let fresh = false;
function unmark() {
  if (!fresh) CSS.highlights.delete("found");
  fresh = false;
}
Reveal.on("slidechanged", unmark);
finder.addEventListener("close", () => finder.returnValue === "found" || unmark());
sought.addEventListener("input", listHits);
finder.addEventListener("keydown", (event) => {
  const links = [...hits.querySelectorAll("a")];
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) {
    const places = [sought, ...links];
    places[places.indexOf(document.activeElement) + step]?.focus();
    event.preventDefault();
  }
  if (event.key === "Enter" && event.target === sought) links[0]?.click();
});
