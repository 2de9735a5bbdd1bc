// What an exporter keeps after it has seen ever new values of an attribute. Task: `{ values }`; answers bytes.
import { setTimeout as sleep } from 'node:timers/promises';
import { thisPackage } from '../contenders/this-package.js';
import { distinctBatch } from '../lib/corpus.js';
import { finish, sendProgress, taskOf } from '../lib/processes.js';
import { count } from '../lib/statistics.js';

const AT_ONCE = 10_000;

const { values } = taskOf();
const exporter = thisPackage();

/** One collection makes garbage of what only garbage held on to, and that after a turn of the event loop. */
async function memoryInUse() {
  for (let turn = 0; turn < 3; turn += 1) {
    await sleep(20);
    globalThis.gc();
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return { heap: heapUsed, buffers: arrayBuffers };
}

/** Points of their own, so that code and the SDK are loaded before. */
await exporter.run(await distinctBatch(10, values));
const before = await memoryInUse();
for (let done = 0; done < values; done += AT_ONCE) {
  if (done % 100_000 === 0) sendProgress(`${count(done)} distinct values`);
  await exporter.run(await distinctBatch(AT_ONCE, done));
}
const after = await memoryInUse();
await exporter.close();
finish({
  heap: Math.max(0, after.heap - before.heap),
  buffers: Math.max(0, after.buffers - before.buffers),
});
