// What every transport promises, whatever it delivers to.
import { AsyncLocalStorage } from 'node:async_hooks';
import { describe, expect, test, vi } from 'vitest';
import { chunkOf, chunksOf, counterLines, longLines } from '../support/lines.js';
import { startTransport } from '../support/transports.js';
import { peerKinds } from './peers.js';

/** Eight megabytes; two kernels hold some four of them. */
const moreThanBuffersHold = longLines(80_000);

describe.each(peerKinds.map((kind) => [kind.name, kind] as const))('%s', (_name, kind) => {
  const { delivered, packing } = kind;

  test('delivers every line once, whole and in order', async () => {
    const peer = await kind.start();
    const transport = startTransport(peer.settings);
    const lines = longLines(4_000);
    expect(transport.sendLines(lines, packing)).toBe(true);
    expect(await transport.flush(20_000)).toBe(true);
    expect(await peer.got(4_000)).toEqual(lines);
    const bytes = Buffer.byteLength(`${lines.join('\n')}\n`);
    const { offeredLines, offeredBytes, confirmedLines, writtenLines, droppedLines, resentLines } =
      transport.stats();
    expect({ offeredLines, offeredBytes, confirmedLines, writtenLines, droppedLines, resentLines }).toEqual({
      offeredLines: 4_000,
      offeredBytes: bytes,
      confirmedLines: 0,
      writtenLines: 0,
      droppedLines: {},
      resentLines: 0,
      [delivered]: 4_000,
    });
    expect(transport.events).toEqual([]);
  });

  test('delivers later exports too, gauges and counters', async () => {
    const peer = await kind.start();
    const transport = startTransport(peer.settings);
    const rounds = [0, 1, 2].map((round) => [`count${round}:1|c`, `level${round}:-1|g`]);
    for (const [count, level] of rounds) {
      transport.sendLines([count!], packing);
      transport.sendLines([level!], { ...packing, kind: 'idempotent' });
      expect(await transport.flush(5_000)).toBe(true);
    }
    expect(await peer.got(6)).toEqual(rounds.flat());
    expect(transport.stats()[delivered]).toBe(6);
  });

  test('releases the buffer of each chunk after delivery, unless it can still be read', async () => {
    const peer = await kind.start();
    const transport = startTransport(peer.settings);
    const chunks = chunksOf(longLines(4_000), packing);
    const given = chunks.map(() => 0);
    for (const [index, chunk] of chunks.entries()) {
      transport.send({ ...chunk, release: () => (given[index]! += 1) });
    }
    expect(await transport.flush(20_000)).toBe(true);
    // A stream of the application's may still hold what it has taken; a function got strings.
    const isKept = peer.settings.destination.protocol === 'stream';
    expect(given).toEqual(chunks.map(() => (isKept ? 0 : 1)));
  });

  test('opens nothing before the first line, and its state is idle', async () => {
    const peer = await kind.start();
    const transport = startTransport(peer.settings);
    expect(await transport.flush(1_000)).toBe(true);
    const { state, connects, oldestQueuedMillis } = transport.stats();
    expect({ state, connects, oldestQueuedMillis }).toEqual({
      state: 'idle',
      connects: 0,
      oldestQueuedMillis: 0,
    });
  });

  test('keeps lines while the peer is away, and delivers them when it is back', async () => {
    const peer = await kind.start();
    const transport = startTransport(peer.settings);
    transport.sendLines(['before:1|c'], packing);
    await transport.flush(5_000);
    await peer.got(1);
    await peer.goAway();
    for (const line of counterLines(20)) transport.sendLines([line], packing);
    expect(await transport.flush(50)).toBe(false);
    const { flushDeadlinesMissed, droppedLines } = transport.stats();
    expect({ flushDeadlinesMissed, droppedLines }).toEqual({ flushDeadlinesMissed: 1, droppedLines: {} });
    await transport.until(() => transport.events.length > 0);
    await peer.comeBack();
    expect(await transport.flush(10_000)).toBe(true);
    await vi.waitUntil(async () => (await peer.got(1)).at(-1) === 'line19:1|c');
    const after = (await peer.got(1)).slice(1);
    const missing = kind.isBlind ? 20 - after.length : 0;
    expect(after).toEqual(counterLines(20).slice(missing));
    expect(missing).toBeLessThan(5);
    const reported = [
      { kind: 'outage', cause: expect.any(String) },
      { kind: 'recovered', outageMillis: expect.any(Number) },
    ].slice(0, kind.provesAtOnce ? 2 : 1);
    await transport.until(() => transport.events.length >= reported.length);
    expect(transport.events).toEqual(reported);
  });

  test('rejects the newest lines when its queue is full, and counts them', async () => {
    const peer = await kind.start();
    await peer.goAway();
    const transport = startTransport({ ...peer.settings, maxQueueBytes: 100_000 });
    const accepted = [longLines(500), longLines(600), longLines(10)].map((lines) =>
      transport.sendLines(lines, packing),
    );
    const { offeredLines, queuedLines, inFlightLines, writtenLines, droppedLines } = transport.stats();
    expect({
      accepted,
      offeredLines,
      kept: queuedLines + inFlightLines + writtenLines,
      droppedLines,
    }).toEqual({
      accepted: [true, false, true],
      offeredLines: 1_110,
      kept: 510,
      droppedLines: { queue_full: 600 },
    });
  });

  test('reports lines that a full queue rejects once, with the limit, and the rest at the end', async () => {
    const peer = await kind.start();
    await peer.goAway();
    const transport = startTransport({ ...peer.settings, maxQueueBytes: 100_000 });
    const losses = (): unknown[] => transport.events.filter(({ kind: name }) => name === 'lines-dropped');
    transport.sendLines(longLines(500), packing);
    for (let round = 0; round < 3; round += 1) {
      transport.sendLines(longLines(600), packing);
      await new Promise((resolve) => setImmediate(resolve));
    }
    const queueFull = { kind: 'lines-dropped', reason: 'queue_full', limitBytes: 100_000 };
    expect(losses()).toEqual([{ ...queueFull, lines: 600 }]);
    await transport.close(0);
    const { droppedLines } = transport.stats();
    expect(losses()).toEqual([
      { ...queueFull, lines: 600 },
      ...(droppedLines.shutdown === undefined
        ? []
        : [{ kind: 'lines-dropped', reason: 'shutdown', lines: droppedLines.shutdown }]),
      { ...queueFull, lines: 1_200 },
    ]);
  });

  test('is over its soft limit while more is queued, and calls back when it is below it again', async () => {
    const peer = await kind.start();
    await peer.goAway();
    const reported: boolean[] = [];
    const transport = startTransport({
      ...peer.settings,
      softQueueBytes: 10_000,
      onBelowSoftLimit: () => reported.push(transport.isOverSoftLimit()),
    });
    const before = transport.isOverSoftLimit();
    transport.sendLines(longLines(200), packing);
    const bytes = Buffer.byteLength(`${longLines(200).join('\n')}\n`);
    expect({
      before,
      isOverSoftLimit: transport.isOverSoftLimit(),
      heldBytes: transport.heldBytes(),
      reported,
    }).toEqual({ before: false, isOverSoftLimit: true, heldBytes: bytes, reported: [] });
    await peer.comeBack();
    await transport.flush(10_000);
    expect({
      isOverSoftLimit: transport.isOverSoftLimit(),
      heldBytes: transport.heldBytes(),
      reported,
    }).toEqual({ isOverSoftLimit: false, heldBytes: 0, reported: [false] });
  });

  test('reports the age of the oldest line', async () => {
    const peer = await kind.start();
    await peer.goAway();
    const transport = startTransport(peer.settings);
    transport.sendLines(longLines(2_000), packing);
    await transport.until(({ oldestQueuedMillis }) => oldestQueuedMillis > 5);
    transport.sendLines(['younger:1|c'], packing);
    expect(transport.stats().oldestQueuedMillis).toBeGreaterThan(5);
  });

  test('close() delivers what is queued; later lines are rejected', async () => {
    const peer = await kind.start();
    const transport = startTransport(peer.settings);
    transport.sendLines(longLines(1_000), packing);
    await Promise.all([transport.close(20_000), transport.close(1)]);
    expect(await peer.got(1_000)).toEqual(longLines(1_000));
    expect(transport.sendLines(['late:1|c'], packing)).toBe(false);
    expect(await transport.flush(1_000)).toBe(true);
    const { state, [delivered]: deliveredLines, droppedLines } = transport.stats();
    expect({ state, deliveredLines, droppedLines }).toEqual({
      state: 'closed',
      deliveredLines: 1_000,
      droppedLines: { shutdown: 1 },
    });
  });

  test('close() ends at its deadline while the peer is away, and counts what is dropped', async () => {
    const peer = await kind.start();
    await peer.goAway();
    const transport = startTransport(peer.settings);
    transport.sendLines(longLines(2_000), packing);
    await transport.close(50);
    const { state, queuedLines, inFlightLines, confirmedLines, writtenLines, droppedLines } =
      transport.stats();
    expect({ state, queuedLines, inFlightLines, confirmedLines, droppedLines }).toEqual({
      state: 'closed',
      queuedLines: 0,
      inFlightLines: 0,
      confirmedLines: 0,
      droppedLines: { shutdown: 2_000 - writtenLines },
    });
    // One burst may be lost before the first refusal is heard of, and a probe.
    expect(writtenLines).toBeLessThanOrEqual(kind.isBlind ? 33 * 15 : 0);
  });

  test('flush() and close() end at their deadlines when the peer stalls', async () => {
    const peer = await kind.start();
    peer.stall();
    const transport = startTransport(peer.settings);
    transport.sendLines(moreThanBuffersHold, packing);
    await transport.flush(30);
    await transport.close(30);
    const { state, queuedLines, inFlightLines } = transport.stats();
    expect({ state, queuedLines, inFlightLines }).toEqual({
      state: 'closed',
      queuedLines: 0,
      inFlightLines: 0,
    });
  });

  test('counts lines that cannot be packed', async () => {
    const peer = await kind.start();
    const transport = startTransport(peer.settings);
    transport.reject({ reason: 'too_large', lines: 2, bytes: 9_000, limitBytes: 1_432, metric: 'a' });
    transport.reject({ reason: 'invalid', lines: 1, bytes: 10, limitBytes: 1_432, metric: 'b' });
    const { offeredLines, offeredBytes, droppedLines } = transport.stats();
    expect({ offeredLines, offeredBytes, droppedLines }).toEqual({
      offeredLines: 3,
      offeredBytes: 9_010,
      droppedLines: { too_large: 2, invalid: 1 },
    });
  });

  test('works outside of the caller’s async context, also after it was idle', async () => {
    const storage = new AsyncLocalStorage<string>();
    const seen: (string | undefined)[] = [];
    const peer = await kind.start();
    const transport = storage.run('isolated', () =>
      startTransport({
        ...peer.settings,
        withoutTracing: (run) => storage.run('isolated', run),
        onEvent: () => seen.push(storage.getStore()),
      }),
    );
    await peer.goAway();
    await storage.run('the caller’s', async () => {
      for (const line of counterLines(3)) transport.send(chunkOf([line], packing));
      await transport.flush(20);
      await transport.until(() => seen.length > 0);
      await peer.comeBack();
      await transport.flush(10_000);
      await transport.until(() => seen.length === (kind.provesAtOnce ? 2 : 1));
    });
    expect(new Set(seen)).toEqual(new Set(['isolated']));
  });

  test('an event listener that throws does not stop delivery', async () => {
    const peer = await kind.start();
    await peer.goAway();
    const transport = startTransport({
      ...peer.settings,
      onEvent: () => {
        throw new Error('a logger that fails');
      },
    });
    for (const line of counterLines(30)) transport.sendLines([line], packing);
    await transport.flush(50);
    await peer.comeBack();
    expect(await transport.flush(10_000)).toBe(true);
    await vi.waitUntil(async () => (await peer.got(1)).at(-1) === 'line29:1|c');
  });
});
