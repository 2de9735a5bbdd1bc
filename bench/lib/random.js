// Random order from random numbers with a seed, so that every run measures the same data.
export { seededRandom } from '../../test/faults/support/seeded-random.js';

/** In place (Fisher and Yates). */
export function shuffle(list, random) {
  for (let last = list.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    [list[last], list[other]] = [list[other], list[last]];
  }
  return list;
}
