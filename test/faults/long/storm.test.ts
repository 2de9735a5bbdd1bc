// Two hundred clients of one server that comes back after ten seconds.
import { expect, test } from 'vitest';
import { startTcpServer, unusedPort } from '../../support/receivers/stream-server.js';
import { startTransport } from '../../support/transports.js';

test('no tenth of a second sees more than a tenth of them, and all are back within eleven seconds', async () => {
  const port = await unusedPort();
  const clients = Array.from({ length: 200 }, () =>
    startTransport({ destination: { protocol: 'tcp', host: '127.0.0.1', port }, random: Math.random }),
  );
  clients.forEach((client, index) => {
    client.sendLines([`client${index}:1|c`]);
  });
  await new Promise((resolve) => setTimeout(resolve, 10_000));

  const arrivals: number[] = [];
  const server = await startTcpServer((socket) => {
    arrivals.push(performance.now());
    server.read(socket);
  }, port);
  const backAt = performance.now();
  await server.gotLines(200);
  const most = Math.max(
    ...arrivals.map((at) => arrivals.filter((other) => at <= other && other < at + 100).length),
  );
  console.log(
    `at most ${most} of 200 within 100 ms; all within ${Math.round(performance.now() - backAt)} ms`,
  );
  expect(most).toBeLessThanOrEqual(20);
  expect(performance.now() - backAt).toBeLessThanOrEqual(11_000);
  expect([...server.lines].sort()).toEqual(clients.map((_, index) => `client${index}:1|c`).sort());
});
