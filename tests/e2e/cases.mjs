// How many cases of a kind are played: in the gate some of them, with CASES=all (at night) every one.

const ALL = process.env.CASES === 'all';

const product = (lists) => lists.reduce((made, list) => made.flatMap((row) => list.map((value) => [...row, value])), [[]]);

/**
 * The combinations of lists' values. The gate plays as many as the longer of these has: the first list, the combinations of
 * the others; each of both takes part.
 */
export function combinations(first, ...rest) {
  const others = product(rest);
  if (ALL) return product([first, ...rest]);
  return Array.from({ length: Math.max(first.length, others.length) }, (_, i) => [first[i % first.length], ...others[i % others.length]]);
}

/** The step at which to count through cases in a row: n in the gate. */
export const step = (n) => (ALL ? 1 : n);
