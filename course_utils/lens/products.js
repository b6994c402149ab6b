/** Products of matrices that are fast enough to train with: the same loop serves all three ways. */

/**
 * A matrix as a loop walks through it: how far the next row is, and how far the next column.
 * @typedef {{values: Float64Array, down: number, across: number}} View
 */

/** @type {(values: Float64Array, columns: number) => View} */
export const view = (values, columns) => ({ values, down: columns, across: 1 });

/** The same numbers, with rows for columns.
 * @type {(matrix: View) => View} */
export const transposed = ({ values, down, across }) => ({ values, down: across, across: down });

/**
 * Add `left @ right`. Two rows and four columns are summed at once: so each number that is read is
 * used more than once. Rows come in pairs, columns in fours.
 * @param {View} to (rows, columns), changed; its columns are next to each other
 * @param {View} left (rows, inner)
 * @param {View} right (inner, columns)
 * @param {number} rows
 * @param {number} inner
 * @param {number} columns
 */
export function addProduct(to, left, right, rows, inner, columns) {
  const [sums, a, b] = [to.values, left.values, right.values];
  const [nextA, nextB, step] = [left.across, right.down, right.across];
  for (let row = 0; row < rows; row += 2) {
    for (let column = 0; column < columns; column += 4) {
      let s0 = 0, s1 = 0, s2 = 0, s3 = 0, t0 = 0, t1 = 0, t2 = 0, t3 = 0;
      let atS = row * left.down;
      let atT = atS + left.down;
      let atB = column * step;
      for (let place = 0; place < inner; place++) {
        const s = a[atS], t = a[atT];
        const b0 = b[atB], b1 = b[atB + step], b2 = b[atB + 2 * step], b3 = b[atB + 3 * step];
        s0 += s * b0;
        s1 += s * b1;
        s2 += s * b2;
        s3 += s * b3;
        t0 += t * b0;
        t1 += t * b1;
        t2 += t * b2;
        t3 += t * b3;
        atS += nextA;
        atT += nextA;
        atB += nextB;
      }
      const one = row * to.down + column, two = one + to.down;
      sums[one] += s0;
      sums[one + 1] += s1;
      sums[one + 2] += s2;
      sums[one + 3] += s3;
      sums[two] += t0;
      sums[two + 1] += t1;
      sums[two + 2] += t2;
      sums[two + 3] += t3;
    }
  }
}
