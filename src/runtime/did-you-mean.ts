// Suggestions for mistyped words.

/** ` (did you mean "listen"?)`, or an empty text when no candidate is close. `before` is what is written before a name, such as `--`. */
export function didYouMean(word: string, candidates: readonly string[], before = ''): string {
  const match = closestMatch(word, candidates);
  return match === undefined ? '' : ` (did you mean "${before}${match}"?)`;
}

/**
 * The candidate with the smallest edit distance; undefined when none is close. By default up to a third of the letters
 * may be wrong; a worse match is more confusing than none.
 */
export function closestMatch(
  word: string,
  candidates: readonly string[],
  maxDistance = Math.max(1, Math.floor(word.length / 3)),
): string | undefined {
  let best: string | undefined;
  let bestDistance = maxDistance + 1;
  const wanted = word.toLowerCase();
  for (const candidate of candidates) {
    const given = candidate.toLowerCase();
    // The distance is this at least, and takes long to compute for a long candidate.
    if (Math.abs(given.length - wanted.length) >= bestDistance) continue;
    const distance = editDistance(wanted, given);
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** Letters added, left out, changed or swapped with their neighbour (optimal string alignment). */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = last[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swap = swapped ? beforeLast[j - 2]! + 1 : Number.POSITIVE_INFINITY;
      row.push(Math.min(change, swap, last[j]! + 1, row[j - 1]! + 1));
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length]!;
}
