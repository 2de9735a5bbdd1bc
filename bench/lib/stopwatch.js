// Time on the clock depends on what other processes do. Time of the whole process includes what its compiler and its
// garbage collector do beside, be it with the data of the benchmark. Time of the main thread is what the app misses.
import { clearNursery } from './garbage.js';
import { ThreadTime } from './thread-time.js';

const mainThread = new ThreadTime();

/**
 * @param {() => unknown} run for `thread` it must not sleep: its time is that on the clock, but not while others ran
 * @returns {Promise<{ wall: number, process: number, thread: number }>} nanoseconds per point
 */
export async function perPoint(points, run) {
  await clearNursery();
  const processBefore = process.cpuUsage();
  const waitedBefore = mainThread.waitedMillis();
  const startedAt = performance.now();
  await run();
  const wall = performance.now() - startedAt;
  const waited = mainThread.waitedMillis() - waitedBefore;
  const { user, system } = process.cpuUsage(processBefore);
  return {
    wall: (wall * 1e6) / points,
    process: ((user + system) * 1e3) / points,
    thread: ((wall - waited) * 1e6) / points,
  };
}
