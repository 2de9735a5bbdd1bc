// Rounds in which every contender has its turn, so that what disturbs the machine disturbs all of them; who begins
// changes from round to round, because a contender inherits garbage and caches of the one before.

/** Clients leave callbacks behind that would run on the next one's time. */
export async function settle() {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/**
 * @param {readonly { name: string }[]} contenders
 * @param {(contender: any, round: number) => Promise<T>} measure answers what was found in one turn
 * @param {{ rounds: number, warmUps?: number, onRound?: (round: number) => void }} options
 * @returns {Promise<Map<string, T[]>>} what was found by name, without the warm-up
 * @template T
 */
export async function interleave(contenders, measure, { rounds, warmUps = 0, onRound = () => {} }) {
  const found = new Map(contenders.map(({ name }) => [name, []]));
  for (let round = -warmUps; round < rounds; round += 1) {
    onRound(round);
    for (const contender of rotated(contenders, round + warmUps)) {
      const value = await measure(contender, round);
      if (round >= 0) found.get(contender.name).push(value);
      await settle();
    }
  }
  return found;
}

export function rotated(list, by) {
  const start = by % list.length;
  return [...list.slice(start), ...list.slice(0, start)];
}
