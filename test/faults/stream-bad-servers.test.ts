// Servers that accept and close, never close, reset on a line they cannot read, or send data.
import { expect, test } from 'vitest';
import { startTransport } from '../support/transports.js';
import { checkedDelivery, destinationOf, numberedLines, processed } from './support/delivery.js';
import { startFaultServer } from './support/fault-server.js';

const FLUSH_MILLIS = 20_000;

/** Of streams; what a poisonous line takes with it. */
const PAYLOAD_LINES = Math.floor(4_096 / 97);

test.each(['confirmed', 'persistent'] as const)(
  'a server that closes after accepting is connected to less and less often, and gets everything in the end (%s)',
  async (delivery) => {
    const server = await startFaultServer({ protocol: 'tcp', closeFirst: 10 });
    const transport = startTransport({
      destination: destinationOf(server, 'tcp'),
      delivery,
      pacing: false,
      // Pauses of 100, 100, 100, 100, 160, 320, 500 … ms if, and only if, no connection counts as a success.
      random: () => 0.05,
    });
    transport.sendLines(numberedLines(2_000));
    const { backoffMillis } = await transport.until(
      ({ connects, confirmedLines, writtenLines }) =>
        connects === 11 && confirmedLines + writtenLines === 2_000,
    );
    expect(backoffMillis).toBeGreaterThanOrEqual(4 * 100 + 160 + 320 + 4 * 500);
    await processed(server, 2_000);
    const { lost, duplicated } = checkedDelivery(server, 2_000, transport.stats());
    expect({ lost, duplicated }).toEqual({ lost: 0, duplicated: 0 });
    expect(await server.connections()).toBe(11);
  },
);

test('a server that never closes gets lines three times, then once', async () => {
  const server = await startFaultServer({ protocol: 'tcp', neverClose: true });
  const transport = startTransport({
    destination: destinationOf(server, 'tcp'),
    pacing: false,
    confirmTimeoutMillis: 200,
  });
  transport.sendLines(numberedLines(2_000));
  expect(await transport.flush(FLUSH_MILLIS)).toBe(true);
  transport.sendLines(numberedLines(2_000, { first: 2_000 }));
  expect(await transport.flush(FLUSH_MILLIS)).toBe(true);
  await processed(server, 3 * 2_000 + 2_000);
  const { lost, duplicated } = checkedDelivery(server, 4_000, transport.stats());
  const { writtenLines, confirmedLines, disconnects, maybeDuplicatedLines } = transport.stats();
  expect({
    lost,
    duplicated,
    writtenLines,
    confirmedLines,
    disconnects,
    maybeDuplicatedLines,
  }).toEqual({
    lost: 0,
    duplicated: 4_000,
    writtenLines: 4_000,
    confirmedLines: 0,
    disconnects: { confirm_timeout: 3 },
    maybeDuplicatedLines: 4_000,
  });
  expect(transport.events.map(({ kind }) => kind)).toEqual(['outage', 'downgraded']);
});

test('a line on which the server resets costs its payload; everything else arrives', async () => {
  const server = await startFaultServer({ protocol: 'tcp', poison: 'line700:' });
  const transport = startTransport({ destination: destinationOf(server, 'tcp'), pacing: false });
  transport.sendLines(numberedLines(2_000));
  expect(await transport.flush(FLUSH_MILLIS)).toBe(true);
  const { droppedLines, confirmedLines } = transport.stats();
  const poison = droppedLines.poison ?? 0;
  expect(poison).toBeGreaterThan(0);
  expect(poison).toBeLessThanOrEqual(PAYLOAD_LINES);
  expect({ droppedLines, confirmedLines }).toEqual({
    droppedLines: { poison },
    confirmedLines: 2_000 - poison,
  });
  // The poisonous line itself was processed before the reset, so were some lines around it.
  const numbers = new Set(server.lines());
  const missing = numberedLines(2_000).filter((line) => !numbers.has(line.slice(0, line.indexOf('|#'))));
  expect(missing.length).toBeLessThan(poison);
  expect(transport.events.filter(({ kind }) => kind === 'lines-dropped')).toEqual([
    { kind: 'lines-dropped', reason: 'poison', lines: poison },
  ]);
});

test('a megabyte that a server sends to each client is neither kept nor a reason to lose a line', async () => {
  const server = await startFaultServer({ protocol: 'tcp', junkBytes: 2 ** 20 });
  const transport = startTransport({ destination: destinationOf(server, 'tcp'), pacing: false });
  transport.sendLines(numberedLines(1_000));
  await transport.until(({ disconnects, connectFailures }) =>
    [disconnects['junk'], connectFailures['junk']].some((count) => count === 3),
  );
  expect(transport.stats().confirmedLines).toBe(0);
  await server.kill();
  await server.start({ junkBytes: 100 });
  expect(await transport.flush(FLUSH_MILLIS)).toBe(true);
  const { lost } = checkedDelivery(server, 1_000, transport.stats());
  expect({ lost, confirmedLines: transport.stats().confirmedLines }).toEqual({
    lost: 0,
    confirmedLines: 1_000,
  });
});
