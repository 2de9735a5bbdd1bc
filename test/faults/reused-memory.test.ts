// Exports are written into the memory of those before them, which connections that broke may still be reading.
import { describe, expect, test } from 'vitest';
import { CHUNK_BYTES, STREAM_PAYLOAD_BYTES } from '../../src/transport/packing/chunk.js';
import { ChunkPacker } from '../../src/transport/packing/chunk-packer.js';
import { startTransport, type TestedTransport } from '../support/transports.js';
import { checkedDelivery, destinationOf, numberedLines, SEGMENT_LINES } from './support/delivery.js';
import { type Fault, startFaultServer } from './support/fault-server.js';

const EXPORTS = 30;
const LINES_OF_EXPORT = 2_000;
const ALL_LINES = EXPORTS * LINES_OF_EXPORT;

/** As many exports as said, each as soon as at most two wait; returns the share of chunk buffers that were reused. */
async function exportAll(transport: TestedTransport): Promise<number> {
  const packer = new ChunkPacker(
    { maxPayloadBytes: CHUNK_BYTES, targetPayloadBytes: STREAM_PAYLOAD_BYTES },
    () => {},
  );
  const memory = new Set<ArrayBufferLike>();
  let chunks = 0;
  for (let first = 0; first < ALL_LINES; first += LINES_OF_EXPORT) {
    for (const line of numberedLines(LINES_OF_EXPORT, { first })) packer.write(`${line}\n`, 1, 'additive');
    for (const chunk of packer.take()) {
      if (chunk.release !== undefined) memory.add(chunk.bytes.buffer);
      chunks += 1;
      transport.send(chunk);
    }
    await transport.until(({ queuedLines, inFlightLines }) => queuedLines + inFlightLines <= 4_000);
  }
  return 1 - memory.size / chunks;
}

describe.each(['destroy', 'reset'] satisfies Fault[])(
  'with a server that closes connections by %s',
  (fault) => {
    test.each([
      ['at once', 1],
      ['after a while', 20_000],
      ['in the middle', 31_000],
    ])('%s every line arrives as it was written', async (_when, atLine) => {
      const server = await startFaultServer({
        protocol: 'tcp',
        bytesPerSecond: 20e6,
        fault: { do: fault, atLine },
      });
      const transport = startTransport({ destination: destinationOf(server, 'tcp'), pacing: false });
      const reused = await exportAll(transport);
      expect(await transport.flush(20_000)).toBe(true);
      const { lost, duplicated } = checkedDelivery(server, ALL_LINES, transport.stats());
      expect(lost).toBe(0);
      expect(duplicated).toBeLessThanOrEqual(SEGMENT_LINES);
      expect(reused).toBeGreaterThan(0);
    });
  },
);

test('over UDP every line arrives as it was written', async () => {
  const server = await startFaultServer({ protocol: 'udp' });
  const transport = startTransport({ destination: destinationOf(server, 'udp') });
  const packer = new ChunkPacker({ maxPayloadBytes: 1_432 }, () => {});
  const memory = new Set<ArrayBufferLike>();
  const total = 5 * 700;
  for (let first = 0; first < total; first += 700) {
    for (const line of numberedLines(700, { first })) packer.write(`${line}\n`, 1, 'additive');
    for (const chunk of packer.take()) {
      if (chunk.release !== undefined) memory.add(chunk.bytes.buffer);
      transport.send(chunk);
    }
    expect(await transport.flush(20_000)).toBe(true);
    await transport.until(() => server.lines().length === first + 700);
  }
  expect(checkedDelivery(server, total, transport.stats())).toEqual({
    lost: 0,
    duplicated: 0,
    inOrder: true,
  });
  expect(memory.size).toBeLessThan(5);
});
