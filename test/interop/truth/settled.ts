// Waiting until a server reports what it got. What came last is waited for first, so that nothing is still under way that
// would be too much; after that the rest has a moment to appear, for some servers read with several threads.
import { Comparison } from '../checks/comparison.js';
import { features } from '../checks/features.js';
import { poll } from '../harness/poll.js';
import type { RunningServer } from '../harness/server.js';
import { LAST, type Run } from './app.js';

/** To read a report is work for the server, too. */
const POLL = { everyMillis: 100 };
const STRAGGLERS_MILLIS = 15_000;

export async function settled(running: RunningServer, run: Run): Promise<Comparison> {
  const compare = async () => new Comparison(run, await running.report());
  // The next attempt is due at once when it is known that something is missing.
  if (run.drops > 0) return compare();
  await poll(
    `${run.server.name} to report the last export`,
    async () => {
      const comparison = await compare();
      return comparison.report.counters[comparison.series(LAST)] === 1 ? true : undefined;
    },
    POLL,
  );
  const deadline = performance.now() + STRAGGLERS_MILLIS;
  return poll(
    'the rest',
    async () => {
      const comparison = await compare();
      const isRight = features.every((feature) => feature.check(comparison).wrong.length === 0);
      return isRight || performance.now() > deadline ? comparison : undefined;
    },
    POLL,
  );
}
