// Many clients of one server that comes back. The shape of the storm after ten seconds: long/storm.test.ts.
import { expect, test } from 'vitest';
import { startTcpServer, unusedPort } from '../support/stream-server.js';
import { startTransport } from '../support/transports.js';

test('a hundred clients find their server again one after the other, not at once', async () => {
  const port = await unusedPort();
  const clients = Array.from({ length: 100 }, () =>
    startTransport({ destination: { protocol: 'tcp', host: '127.0.0.1', port }, random: Math.random }),
  );
  clients.forEach((client, index) => {
    client.sendLines([`client${index}:1|c`]);
  });
  for (const client of clients)
    await client.until(({ connectFailures }) => (connectFailures['ECONNREFUSED'] ?? 0) >= 4);

  const arrivals: number[] = [];
  const server = await startTcpServer((socket) => {
    arrivals.push(performance.now());
    server.read(socket);
  }, port);
  await server.gotLines(100);
  expect([...server.lines].sort()).toEqual(clients.map((_, index) => `client${index}:1|c`).sort());
  // Of pauses of up to 1.6 s, a tenth of a second sees a small part; were there no jitter, it would see all.
  const most = Math.max(
    ...arrivals.map((at) => arrivals.filter((other) => at <= other && other < at + 100).length),
  );
  expect(most).toBeLessThan(60);
});
