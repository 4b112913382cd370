const DIGIT = 11;
const DIGITS = 2 ** DIGIT;

/** Turns the bits of numbers into integers of the same order; -0 becomes 0. */
function orderedBits(values: Float32Array): Uint32Array {
  const bits = new Uint32Array(values.map((value) => value + 0).buffer);
  return bits.map((bit) => (bit >>> 31 ? ~bit : bit | 0x80000000));
}

/** Places of values from the smallest to the largest: by digits, many times faster than by pairs. */
function orderOf(values: Float32Array): Uint32Array {
  const keys = orderedBits(values);
  let order = Uint32Array.from({length: values.length}, (_, i) => i);
  let next = new Uint32Array(values.length);
  for (let shift = 0; shift < 32; shift += DIGIT) {
    const starts = new Uint32Array(DIGITS + 1);
    for (const key of keys) starts[((key >>> shift) & (DIGITS - 1)) + 1]! += 1;
    for (let digit = 0; digit < DIGITS; digit++) starts[digit + 1]! += starts[digit]!;
    for (const place of order) next[starts[(keys[place]! >>> shift) & (DIGITS - 1)]!++] = place;
    [order, next] = [next, order];
  }
  return order;
}

/** Ranks of some values, from 1; equal values share the mean of their ranks. */
export function ranks(values: ArrayLike<number>): Float64Array {
  const order =
    values instanceof Float32Array
      ? orderOf(values)
      : Uint32Array.from({length: values.length}, (_, i) => i).sort((a, b) => values[a]! - values[b]!);
  const result = new Float64Array(values.length);
  for (let from = 0; from < order.length; ) {
    let to = from + 1;
    while (to < order.length && values[order[to]!] === values[order[from]!]) to += 1;
    for (let i = from; i < to; i++) result[order[i]!] = (from + to + 1) / 2;
    from = to;
  }
  return result;
}

/** Correlation of two lists of the same length; `null` where one of them is constant. */
export function correlation(a: ArrayLike<number>, b: ArrayLike<number>): number | null {
  const [meanA, meanB] = [mean(a), mean(b)];
  let [both, ofA, ofB] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i]! - meanA, b[i]! - meanB];
    both += x * y;
    ofA += x * x;
    ofB += y * y;
  }
  return ofA > 0 && ofB > 0 ? both / Math.sqrt(ofA * ofB) : null;
}

function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
}

/** Spearman's rank correlation of two maps; `null` where one of them is constant. */
export const rankCorrelation = (a: ArrayLike<number>, b: ArrayLike<number>): number | null =>
  correlation(ranks(a), ranks(b));
