/** Vectors and matrices: as much of NumPy as a recurrent network needs. */

/** @typedef {Float64Array<ArrayBuffer>} Vector */
/** @typedef {{rows: number, columns: number, values: Float32Array | Float64Array}} Matrix */

/** @type {(size: number) => Vector} */
export const zeros = (size) => new Float64Array(size);

/** @type {(rows: number, columns: number) => Matrix} */
export const zeroMatrix = (rows, columns) => ({ rows, columns, values: zeros(rows * columns) });

/**
 * A vector times a matrix, added to another vector: `vector @ matrix + sum`.
 * @param {Vector} vector (rows,)
 * @param {Matrix} matrix (rows, columns)
 * @param {Vector} [sum] (columns,); zeros unless given
 * @returns {Vector} (columns,)
 */
export function times(vector, { rows, columns, values }, sum) {
  const product = sum ? sum.slice() : zeros(columns);
  for (let row = 0, place = 0; row < rows; row++) {
    const factor = vector[row];
    for (let column = 0; column < columns; column++) {
      product[column] += factor * values[place++];
    }
  }
  return product;
}

/**
 * The way back through `times`: `vector @ matrix.T`.
 * @param {Vector} vector (columns,)
 * @param {Matrix} matrix (rows, columns)
 * @returns {Vector} (rows,)
 */
export function timesTransposed(vector, { rows, columns, values }) {
  const product = zeros(rows);
  for (let row = 0, place = 0; row < rows; row++) {
    let sum = 0;
    for (let column = 0; column < columns; column++) sum += vector[column] * values[place++];
    product[row] = sum;
  }
  return product;
}

/**
 * Add `np.outer(left, right)` to a matrix: the share of one time step in a kernel's gradient.
 * @param {Matrix} matrix (rows, columns), changed
 * @param {Vector} left (rows,)
 * @param {Vector} right (columns,)
 */
export function addOuter({ rows, columns, values }, left, right) {
  for (let row = 0, place = 0; row < rows; row++) {
    const factor = left[row];
    for (let column = 0; column < columns; column++) values[place++] += factor * right[column];
  }
}

/** @type {(left: Vector, right: Vector) => Vector} */
export function add(left, right) {
  const sum = zeros(left.length);
  for (let place = 0; place < sum.length; place++) sum[place] = left[place] + right[place];
  return sum;
}

/** @type {(left: Vector, right: Vector) => Vector} */
export function multiply(left, right) {
  const product = zeros(left.length);
  for (let place = 0; place < product.length; place++) product[place] = left[place] * right[place];
  return product;
}

/** @type {(vector: Vector, factor: number) => Vector} */
export const scale = (vector, factor) => vector.map((value) => value * factor);

/** @type {(vector: Vector) => number} */
export const norm = (vector) => Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));

/** Put vectors one behind the other, as `np.concatenate` does.
 * @type {(...parts: Vector[]) => Vector} */
export function join(...parts) {
  const whole = zeros(parts.reduce((size, part) => size + part.length, 0));
  let place = 0;
  for (const part of parts) {
    whole.set(part, place);
    place += part.length;
  }
  return whole;
}

/**
 * Cut a vector in parts of one size, as `np.split` does: views, so what changes in them changes in it.
 * @param {Vector} vector
 * @param {number} parts
 */
export function split(vector, parts) {
  const size = vector.length / parts;
  return Array.from(
    { length: parts },
    (_, part) => vector.subarray(part * size, (part + 1) * size),
  );
}

/** One row of a matrix, as a vector.
 * @type {(matrix: Matrix, row: number) => Vector} */
export const rowOf = ({ columns, values }, row) =>
  Float64Array.from(values.subarray(row * columns, (row + 1) * columns));

/** @type {(x: number) => number} */
export const sigmoid = (x) => 1 / (1 + Math.exp(-x));

/**
 * Activations by their names in Keras: the function, and its slope, told from the function's value.
 * @type {Record<string, {of: (x: number) => number, slope: (value: number) => number}>}
 */
export const ACTIVATIONS = {
  tanh: { of: Math.tanh, slope: (value) => 1 - value * value },
  sigmoid: { of: sigmoid, slope: (value) => value * (1 - value) },
  relu: { of: (x) => Math.max(0, x), slope: (value) => Number(value > 0) },
  linear: { of: (x) => x, slope: () => 1 },
};

/** The slopes of an activation at each of its values.
 * @type {(activation: string, values: Vector) => Vector} */
export const slopes = (activation, values) => values.map(ACTIVATIONS[activation].slope);
