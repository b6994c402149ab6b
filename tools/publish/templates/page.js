// The contents, the copying of code and the search of a page.
(() => {
  const say = (text) => { document.querySelector(".heard").textContent = text; };

  const contents = document.querySelector(".contents details");
  if (contents && matchMedia("(max-width: 70rem)").matches) contents.open = false;
  const links = new Map([...document.querySelectorAll(".contents a")].map((a) => [a.getAttribute("href").slice(1), a]));
  const mark = () => {
    const passed = [...links.keys()].filter((id) => document.getElementById(id).getBoundingClientRect().top < 120);
    for (const [id, link] of links) {
      if (id === passed.at(-1)) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  };
  addEventListener("scroll", mark, { passive: true });
  mark();

  for (const button of document.querySelectorAll(".copy")) {
    button.addEventListener("click", async () => {
      const code = button.parentElement.querySelector("pre");
      try {
        await navigator.clipboard.writeText(code.textContent.trimEnd());
        button.textContent = "Copied";
      } catch { // a browser that keeps the clipboard to itself
        getSelection().selectAllChildren(code);
        button.textContent = "Press Ctrl+C";
      }
      say(button.textContent);
      setTimeout(() => { button.textContent = "Copy"; }, 2000);
    });
  }

  const input = document.querySelector("#search");
  const found = document.querySelector("#found");
  const plain = (text) => text.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "");
  const places = JSON.parse(document.querySelector("#places").textContent);
  for (const place of places) {
    place.heading = plain(place.title);
    place.all = `${place.heading} ${plain(place.text)}`;
  }

  function element(name, text) {
    const made = document.createElement(name);
    made.textContent = text;
    return made;
  }
  function excerpt(text, word) {
    const at = plain(text).indexOf(word);
    const from = at > 50 ? text.indexOf(" ", at - 50) + 1 : 0;
    const line = element("span", `${from ? "… " : ""}${text.slice(from, Math.max(from, at))}`);
    if (at >= 0) line.append(element("mark", text.slice(at, at + word.length)));
    line.append(`${text.slice(at < 0 ? 0 : at + word.length, from + 150)} …`);
    return line;
  }
  function search() {
    const words = plain(input.value).split(/\s+/).filter(Boolean);
    const rank = (place) => words.filter((word) => !place.heading.includes(word)).length;
    const hits = words.length ? places.filter((place) => words.every((word) => place.all.includes(word))) : [];
    hits.sort((a, b) => rank(a) - rank(b));
    found.replaceChildren(...hits.map((place) => {
      const link = element("a", "");
      link.href = place.href;
      link.append(element("b", place.title), element("small", place.lesson), excerpt(place.text, words[0]));
      const item = element("li", "");
      item.append(link);
      return item;
    }));
    found.hidden = !hits.length;
    say(words.length ? `${hits.length || "no"} ${hits.length === 1 ? "place" : "places"} found` : "");
  }
  const close = () => { input.value = ""; search(); };
  input.addEventListener("input", search);
  found.addEventListener("click", (event) => { if (event.target.closest("a")) close(); });
  document.querySelector(".search").addEventListener("keydown", (event) => {
    const stops = [input, ...found.querySelectorAll("a")];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      stops[Math.min(stops.length - 1, Math.max(0, stops.indexOf(document.activeElement) + step))].focus();
    } else if (event.key === "Enter" && event.target === input) {
      stops[1]?.click();
    } else if (event.key === "Escape") {
      close();
      input.focus();
    }
  });
})();
