// A quick guess at which of some known texts one is: by its length and up to three of its characters, those that tell
// the known ones apart best. Reading a character takes longer than all the arithmetic.

/** Where the characters are, counted from the end; NO_PLACE where fewer are enough. */
export type Places = readonly [number, number, number];

export const NO_PLACE = -1;

/** Places tried, counted from the end: ends of texts differ more than their beginnings do. */
const TRIED_PLACES = 40;

/** Texts looked at; the choice need not be perfect. */
const TRIED_TEXTS = 64;

/** The slot of a text that is not empty. `mask` is a power of two less one. */
export function slotOf(text: string, a: number, b: number, c: number, mask: number): number {
  const last = text.length - 1;
  let mixed = last + 31 * text.charCodeAt(last > a ? last - a : 0);
  if (b !== NO_PLACE) mixed += 1_009 * text.charCodeAt(last > b ? last - b : 0);
  if (c !== NO_PLACE) mixed += 32_749 * text.charCodeAt(last > c ? last - c : 0);
  return (Math.imul(mixed, 0x9e37_79b1) >>> 15) & mask;
}

/** One place after the other, each the one that leaves the fewest texts alike, until none are; at least so many. */
export function choosePlaces(texts: readonly string[], least = 1): Places {
  const step = Math.max(1, Math.floor(texts.length / TRIED_TEXTS));
  const tried = texts.filter((text, index) => index % step === 0 && text !== '');
  const chosen: number[] = [];
  let classes = tried.map((text) => text.length);
  while (chosen.length < 3) {
    if (chosen.length >= least && new Set(classes).size === tried.length) break;
    let most = -1;
    let best = 0;
    let bestClasses = classes;
    for (let place = 0; place < TRIED_PLACES; place++) {
      const finer = tried.map((text, index) => {
        const last = text.length - 1;
        return (Math.imul(classes[index]!, 65_599) + text.charCodeAt(last > place ? last - place : 0)) | 0;
      });
      const distinct = new Set(finer).size;
      if (distinct <= most) continue;
      [most, best, bestClasses] = [distinct, place, finer];
    }
    chosen.push(best);
    classes = bestClasses;
  }
  const [a = 0, b = NO_PLACE, c = NO_PLACE] = chosen;
  return [a, b, c];
}
