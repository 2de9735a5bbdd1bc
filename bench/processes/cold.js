// The first exports of a process. Task: `{ contender, points }`; answers nanoseconds per point of the first three.
import { CONTENDERS } from '../contenders/index.js';
import { scalarSource } from '../lib/corpus.js';
import { finish, taskOf } from '../lib/processes.js';
import { perPoint } from '../lib/stopwatch.js';

const { contender, points } = taskOf();
const nextBatch = scalarSource({ points });
const batches = [await nextBatch(), await nextBatch(), await nextBatch()];

const created = CONTENDERS[contender]();
const turns = [];
for (const batch of batches) turns.push((await perPoint(points, () => created.run(batch))).thread);
finish({ turns });
