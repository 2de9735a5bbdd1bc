// Many clients of one server that is away and comes back. Sockets are real; time is not, so that what is measured is
// the plan and not the machine. In real time: long/storm.test.ts.
import { expect, test } from 'vitest';
import { FakeClock } from '../support/fake-clock.js';
import { startTcpServer, unusedPort } from '../support/receivers/stream-server.js';
import { startTransport } from '../support/transports.js';
import { seededRandom } from './support/seeded-random.js';

const CLIENTS = 200;

/** Time goes by leaps, longer than any of the pauses. */
const NEVER = 1e9;

test('two hundred clients reconnect at different times, within ten seconds', async () => {
  const port = await unusedPort();
  const clock = new FakeClock();
  const random = seededRandom(27);
  const clients = Array.from({ length: CLIENTS }, () =>
    startTransport({
      destination: { protocol: 'tcp', host: '127.0.0.1', port },
      clock,
      random,
      connectTimeoutMillis: NEVER,
      confirmTimeoutMillis: NEVER,
    }),
  );
  clients.forEach((client, index) => {
    client.sendLines([`client${index}:1|c`]);
  });
  const allWait = async (): Promise<void> => {
    for (const client of clients) await client.until(({ state }) => state === 'backing-off');
  };
  // Seven failures each: by then the pauses are as long as they get.
  for (let failures = 1; failures < 7; failures += 1) {
    await allWait();
    clock.advance(clock.pendingMillis.at(-1) ?? 0);
  }
  await allWait();
  expect(clients.map((client) => client.stats().connectFailures)).toEqual(
    clients.map(() => ({ ECONNREFUSED: 7 })),
  );

  // When each will try again.
  const attempts = clock.pendingMillis;
  expect(attempts).toHaveLength(CLIENTS);
  expect(attempts.at(-1)).toBeLessThanOrEqual(10_000);
  const most = Math.max(
    ...attempts.map((at) => attempts.filter((other) => at <= other && other < at + 100).length),
  );
  expect(most).toBeLessThanOrEqual(CLIENTS / 10);

  const server = await startTcpServer(undefined, port);
  clock.advance(10_000);
  for (const client of clients) {
    await client.until(({ confirmedLines }) => {
      clock.advance(1_000);
      return confirmedLines === 1;
    });
  }
  expect([...server.lines].sort()).toEqual(clients.map((_, index) => `client${index}:1|c`).sort());
});
