// Sends batches to a receiver and tells what that cost this process per data point, everything included but the
// making of the batches. Task: `{ kind, connection, points, warmUps, exports }`.
import { CLIENTS } from '../contenders/clients.js';
import { scalarSource } from '../lib/corpus.js';
import { collectGarbage } from '../lib/garbage.js';
import { settle } from '../lib/interleave.js';
import { finish, taskOf } from '../lib/processes.js';
import { perPoint } from '../lib/stopwatch.js';

/** Sent again and again until the code is as fast as it gets; what is measured is new. */
const WARM_UP_BATCHES = 4;

const { kind, connection, points, warmUps, exports } = taskOf();
const client = CLIENTS[kind](connection);
const nextBatch = scalarSource({ points });
const sent = { points: 0, sum: 0 };

async function send({ batch, prepared }) {
  await client.send(prepared);
  sent.points += batch.points;
  sent.sum += batch.sum;
}

const turns = [];
for (let count = 0; count < WARM_UP_BATCHES + exports; count += 1) {
  const batch = await nextBatch();
  turns.push({ batch, prepared: client.prepare(batch) });
}
// The heap of a service is not that of a process which has just made all of its data.
await collectGarbage();
for (let count = 0; count < warmUps; count += 1) await send(turns[count % WARM_UP_BATCHES]);
await settle();
const cost = await perPoint(points * exports, async () => {
  for (const turn of turns.slice(WARM_UP_BATCHES)) await send(turn);
});
await client.close();
finish({ cpu: cost.process, sent });
