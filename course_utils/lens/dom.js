/** Elements, made without HTML: what a student types is text, whatever it looks like. */

/** @typedef {Node | string | number | false | null | undefined} Child */

/**
 * Make an HTML element. `properties` are those of the element; one that holds a dash is an attribute.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, any>} [properties]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (/-|^role$|^for$/.test(name)) made.setAttribute(name, String(value));
    else Object.assign(made, { [name]: value });
  }
  made.append(...children.filter((one) => one !== false && one != null).map(asNode));
  return made;
}

/**
 * Make an SVG element with these attributes.
 * @param {string} tag
 * @param {Record<string, string | number>} [attributes]
 * @param {...Child} children
 */
export function drawn(tag, attributes = {}, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  made.append(...children.filter((one) => one !== false && one != null).map(asNode));
  return made;
}

/** @type {(child: Child) => Node | string} */
const asNode = (child) => (child instanceof Node ? child : String(child));

/** Write a number for reading: so many decimals, with a true minus sign.
 * @type {(value: number, decimals?: number) => string} */
export function written(value, decimals = 2) {
  if (!Number.isFinite(value)) return "–";
  const rounded = value.toFixed(decimals);
  return (Number(rounded) === 0 ? rounded.replace("-", "") : rounded).replace("-", "−");
}

/**
 * A table of texts, with a line of heads.
 * @param {string[]} heads
 * @param {(string | number)[][]} rows
 */
export function table(heads, rows) {
  const head = heads.map((text) => element("th", { scope: "col" }, text));
  const body = rows.map((row) => element("tr", {}, ...row.map((text) => element("td", {}, text))));
  return element(
    "table",
    {},
    element("thead", {}, element("tr", {}, ...head)),
    element("tbody", {}, ...body),
  );
}
