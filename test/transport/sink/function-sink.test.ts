import { describe, expect, test } from 'vitest';
import type { LinesSink } from '../../../src/transport/endpoint/destination.js';
import { counterLines, longLines } from '../../support/lines.js';
import { startTransport, type TestedTransport } from '../../support/transports.js';

const start = (sink: LinesSink): TestedTransport =>
  startTransport({ destination: { protocol: 'lines', sink } });

describe('a function for lines', () => {
  test('gets them without their newlines, a chunk at a time', async () => {
    const calls: string[][] = [];
    const transport = start((lines) => void calls.push(lines));
    transport.sendLines(longLines(1_000));
    transport.sendLines(['ü:1|g'], { kind: 'idempotent' });
    await transport.flush(5_000);
    expect([calls.flat(), calls.length, calls.at(-1)]).toEqual([
      [...longLines(1_000), 'ü:1|g'],
      3,
      ['ü:1|g'],
    ]);
  });

  test('is not called synchronously by the export', async () => {
    let isExporting = true;
    const seen: boolean[] = [];
    const transport = start(() => void seen.push(isExporting));
    transport.sendLines(['a:1|c']);
    isExporting = false;
    await transport.flush(5_000);
    expect(seen).toEqual([false]);
  });

  test('is not called again before it has finished', async () => {
    const takers: (() => void)[] = [];
    const transport = start(() => new Promise((resolve) => takers.push(resolve)));
    transport.sendLines(['a:1|c']);
    transport.sendLines(['b:1|c']);
    await transport.until(() => takers.length === 1);
    expect(transport.stats()).toMatchObject({ writtenLines: 0, inFlightLines: 1, queuedLines: 1 });
    takers[0]?.();
    await transport.until(() => takers.length === 2);
    takers[1]?.();
    expect(await transport.flush(5_000)).toBe(true);
    expect(transport.stats().writtenLines).toBe(2);
  });

  test.each<[string, () => void | Promise<void>]>([
    [
      'throws',
      () => {
        throw new TypeError('not now');
      },
    ],
    ['rejects', () => Promise.reject(new TypeError('not now'))],
  ])('that %s is offered the same lines again', async (_how, refuse) => {
    const calls: string[][] = [];
    const transport = start((lines) => {
      calls.push(lines);
      if (calls.length < 6) return refuse();
    });
    transport.sendLines(counterLines(3));
    await transport.until(({ writtenLines }) => writtenLines === 3);
    const { resentLines, maybeDuplicatedLines, droppedLines } = transport.stats();
    expect({ calls, resentLines, maybeDuplicatedLines, droppedLines }).toEqual({
      calls: Array.from({ length: 6 }, () => counterLines(3)),
      resentLines: 0,
      maybeDuplicatedLines: 0,
      droppedLines: {},
    });
    expect(transport.events).toEqual([
      { kind: 'outage', cause: 'TypeError' },
      { kind: 'recovered', outageMillis: expect.any(Number) },
    ]);
  });

  test('that never finishes does not delay close() beyond its deadline', async () => {
    const transport = start(() => new Promise(() => {}));
    transport.sendLines(counterLines(3));
    transport.sendLines(counterLines(2));
    await transport.close(20);
    expect(transport.stats().droppedLines).toEqual({ shutdown: 5 });
  });

  test('can send more lines while it is called', async () => {
    const calls: string[][] = [];
    const transport: TestedTransport = start((lines) => {
      calls.push(lines);
      if (calls.length === 1) transport.sendLines(['more:1|c']);
    });
    transport.sendLines(['a:1|c']);
    await transport.until(({ writtenLines }) => writtenLines === 2);
    expect(calls).toEqual([['a:1|c'], ['more:1|c']]);
  });
});
