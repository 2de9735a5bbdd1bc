// A cheap hash of a string among some known ones: its length and up to three of its characters, at the positions that
// tell the known strings apart best. Reading a character takes longer than all the arithmetic.

/** Positions of the characters, counted from the end; UNUSED where fewer are enough. */
export type HashPositions = readonly [number, number, number];

export const UNUSED = -1;

/** Positions that are tried, counted from the end: strings differ more at their ends than at their beginnings. */
const CANDIDATE_POSITIONS = 40;

/** How many strings the choice looks at; it need not be perfect. */
const MAX_SAMPLED_STRINGS = 64;

/** The hash of a string that is not empty. */
export function hashString(text: string, a: number, b: number, c: number): number {
  const last = text.length - 1;
  let mixed = last + 31 * text.charCodeAt(last > a ? last - a : 0);
  if (b !== UNUSED) mixed += 1_009 * text.charCodeAt(last > b ? last - b : 0);
  if (c !== UNUSED) mixed += 32_749 * text.charCodeAt(last > c ? last - c : 0);
  return Math.imul(mixed, 0x9e37_79b1) >>> 15;
}

/**
 * Chooses one position after the other, each time the one that leaves the fewest strings with equal hashes. Stops when
 * all strings differ, but not before `least` positions are chosen.
 */
export function chooseHashPositions(texts: readonly string[], least = 1): HashPositions {
  const step = Math.max(1, Math.floor(texts.length / MAX_SAMPLED_STRINGS));
  const sampled = texts.filter((text, index) => index % step === 0 && text !== '');
  const chosen: number[] = [];
  let classes = sampled.map((text) => text.length);
  while (chosen.length < 3) {
    if (chosen.length >= least && new Set(classes).size === sampled.length) break;
    let most = -1;
    let best = 0;
    let bestClasses = classes;
    for (let position = 0; position < CANDIDATE_POSITIONS; position++) {
      const finer = sampled.map((text, index) => {
        const last = text.length - 1;
        return (
          (Math.imul(classes[index]!, 65_599) + text.charCodeAt(last > position ? last - position : 0)) | 0
        );
      });
      const distinct = new Set(finer).size;
      if (distinct <= most) continue;
      [most, best, bestClasses] = [distinct, position, finer];
    }
    chosen.push(best);
    classes = bestClasses;
  }
  const [a = 0, b = UNUSED, c = UNUSED] = chosen;
  return [a, b, c];
}
