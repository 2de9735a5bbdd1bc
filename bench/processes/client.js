// Sends batches to a receiver and tells what that cost this process per data point, everything included but the
// making of the batches. Task: `{ kind, connection, points, warmUps, exports }`.
import { CLIENTS } from '../contenders/clients.js';
import { scalarSource } from '../lib/corpus.js';
import { settle } from '../lib/interleave.js';
import { finish, taskOf } from '../lib/processes.js';
import { perPoint } from '../lib/stopwatch.js';

const { kind, connection, points, warmUps, exports } = taskOf();
const client = CLIENTS[kind](connection);
const nextBatch = scalarSource({ points });
const sent = { points: 0, sum: 0 };
const prepared = [];
for (let count = 0; count < warmUps + exports; count += 1) {
  const batch = await nextBatch();
  sent.points += batch.points;
  sent.sum += batch.sum;
  prepared.push(client.prepare(batch));
}

for (const batch of prepared.slice(0, warmUps)) await client.send(batch);
await settle();
const cost = await perPoint(points * exports, async () => {
  for (const batch of prepared.slice(warmUps)) await client.send(batch);
});
await client.close();
finish({ cpu: cost.process, sent });
