// What is wrong with the slide on screen; every list is empty on a good slide.
() => {
  const slide = Reveal.getCurrentSlide();
  const bounds = slide.querySelector(".sheet").getBoundingClientRect();
  const shown = [...slide.querySelectorAll(".sheet *")].filter(
    (element) => !element.closest("aside") && element.getClientRects().length,
  );
  const overflow = [];
  for (const element of shown) {
    const { right, bottom } = element.getBoundingClientRect();
    const name = `${element.tagName} ${element.textContent.trim().slice(0, 30)}`;
    if (right > bounds.right + 1 || element.scrollWidth > element.clientWidth + 1 && element.clientWidth) {
      overflow.push(`right ${name}`);
    }
    if (bottom > bounds.bottom + 1) overflow.push(`down ${name}`);
  }
  const small = new Set();
  const texts = document.createTreeWalker(slide, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const text = texts.currentNode.data.trim();
    const size = getComputedStyle(texts.currentNode.parentElement).fontSize;
    if (text && shown.includes(texts.currentNode.parentElement) && parseFloat(size) < 16) {
      small.add(`${size} ${text.slice(0, 30)}`);
    }
  }
  const equations = shown.filter((element) => element.localName === "math");
  const drawn = (element) => {
    const { width, height } = element.getBoundingClientRect();
    return width > 5 && height > 10;
  };
  return {
    id: slide.id,
    overflow,
    small: [...small],
    equations: equations.length,
    undrawnEquations: equations.filter((math) => !drawn(math)).map((math) => math.textContent),
    brokenImages: shown
      .filter((element) => element.localName === "img" && !element.naturalWidth)
      .map((image) => image.alt),
  };
}
