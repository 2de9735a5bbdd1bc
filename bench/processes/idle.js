// A process that has exported and now waits for the next time. Task: `{ kind, connection, millis }`, without `kind` to
// see what the process does anyway.
import { createHook } from 'node:async_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { CLIENTS } from '../contenders/clients.js';
import { scalarSource } from '../lib/corpus.js';
import { finish, taskOf } from '../lib/processes.js';

const { kind, connection, millis } = taskOf();
const batch = await scalarSource({ points: 1_500 })();
const before = process.getActiveResourcesInfo();

if (kind !== undefined) {
  const client = CLIENTS[kind](connection);
  await client.send(client.prepare(batch));
}
await sleep(500);

let wakeUps = 0;
const hook = createHook({
  before() {
    wakeUps += 1;
  },
});
const holding = process.getActiveResourcesInfo();
for (const resource of before) {
  const index = holding.indexOf(resource);
  if (index !== -1) holding.splice(index, 1);
}
const waiting = sleep(millis);
hook.enable();
const cpuBefore = process.cpuUsage();
await waiting;
const { user, system } = process.cpuUsage(cpuBefore);
hook.disable();
finish({ micros: user + system, wakeUps, holding });
