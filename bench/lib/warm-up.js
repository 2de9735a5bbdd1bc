// Lets code become as fast as it gets before it is measured: compiled, with its dictionaries filled. On a busy machine
// the compiler, which works beside, takes its time, too.
import { scalarSource } from './corpus.js';
import { settle } from './interleave.js';

const BATCHES = 4;

export async function warmUp(contenders, { points, exports }) {
  const nextBatch = scalarSource({ points });
  const batches = [];
  while (batches.length < BATCHES) batches.push(await nextBatch());
  for (const contender of contenders) {
    for (let turn = 0; turn < exports; turn += 1) {
      await contender.run(batches[turn % BATCHES]);
      await settle();
    }
  }
}
