// What is wrong with the slide on screen, all fragments included.
() => {
  const slide = Reveal.getCurrentSlide();
  const bounds = slide.querySelector(".sheet").getBoundingClientRect();
  const shown = [...slide.querySelectorAll(".sheet *")].filter(
    (element) => !element.closest("aside") && element.getClientRects().length,
  );
  const faults = new Set();
  for (const element of shown) {
    const { right, bottom, width, height } = element.getBoundingClientRect();
    const name = `${element.localName} ${element.textContent.trim().slice(0, 30)}`;
    const inside = element.clientWidth;
    if (right > bounds.right + 1 || inside && element.scrollWidth > inside + 1) faults.add(`right ${name}`);
    if (bottom > bounds.bottom + 1) faults.add(`down ${name}`);
    const size = getComputedStyle(element).fontSize;
    const says = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
    if (says && parseFloat(size) < 16) faults.add(`small ${size} ${name}`);
    if (element.localName === "math" && (width <= 5 || height <= 10)) faults.add(`undrawn ${name}`);
    if (element.localName === "img" && !element.naturalWidth) faults.add(`broken ${element.alt}`);
  }
  const equations = shown.filter((element) => element.localName === "math").length;
  return { id: slide.id, equations, faults: [...faults] };
}
