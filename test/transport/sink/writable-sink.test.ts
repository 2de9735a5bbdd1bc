import { once } from 'node:events';
import { createWriteStream, existsSync, mkdtempSync, readFileSync, rmSync, WriteStream } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Destination } from '../../../src/transport/endpoint/destination.js';
import { WritableSink } from '../../../src/transport/sink/writable-sink.js';
import { FakeClock } from '../../support/fake-clock.js';
import { chunkOf, counterLines, longLines } from '../../support/lines.js';
import { startTransport } from '../../support/transports.js';

const to = (stream: Writable): Destination => ({ protocol: 'stream', stream });

describe('the memory of lines', () => {
  const file = (): Writable => createWriteStream('/dev/null');
  class OwnFile extends WriteStream {}

  test.each<[string, () => Writable, boolean]>([
    ['a file', file, false],
    ['a file whose method was replaced', () => Object.assign(file(), { write: () => true }), true],
    ['a stream derived from that of a file', () => new OwnFile('/dev/null' as never), true],
    ['a stream that hands on what it gets', () => new PassThrough(), true],
    ['a stream of the application', () => new Writable({ write: () => {} }), true],
  ])('written to %s', (_what, create, keepsBytes) => {
    const stream = create();
    onTestFinished(() => void stream.destroy());
    expect(new WritableSink(stream).keepsBytes).toBe(keepsBytes);
  });

  test.each<[string, () => Writable, string[]]>([
    ['after a file has them', file, ['released']],
    ['not after another stream has them', () => new PassThrough().resume(), []],
  ])('is used again %s', async (_when, create, expected) => {
    const stream = create();
    onTestFinished(() => void stream.destroy());
    const transport = startTransport({ destination: to(stream) });
    const releases: string[] = [];
    transport.send({ ...chunkOf(['a:1|c']), release: () => releases.push('released') });
    expect({ isFlushed: await transport.flush(5_000), releases }).toEqual({
      isFlushed: true,
      releases: expected,
    });
  });
});

describe('a stream of the application', () => {
  test('such as a file gets every line, and is left open', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'statsd-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const file = join(folder, 'lines');
    const stream = createWriteStream(file);
    const transport = startTransport({ destination: to(stream) });
    transport.sendLines(longLines(3_000));
    await transport.close(10_000);
    expect({ writable: stream.writable, content: readFileSync(file, 'utf8') }).toEqual({
      writable: true,
      content: `${longLines(3_000).join('\n')}\n`,
    });
    stream.end();
    await once(stream, 'close');
  });

  test('gets the next chunk only after it has taken the one before', async () => {
    const callbacks: (() => void)[] = [];
    const stream = new Writable({ write: (_bytes, _encoding, callback) => void callbacks.push(callback) });
    const transport = startTransport({ destination: to(stream) });
    transport.sendLines(longLines(2_000));
    await transport.until(() => callbacks.length === 1);
    expect(stream.writableLength).toBeLessThanOrEqual(65_536);
    for (let taken = 0; taken < 4; taken += 1) {
      await transport.until(() => callbacks.length === taken + 1 || transport.stats().state === 'idle');
      callbacks.at(-1)?.();
    }
    expect(await transport.flush(5_000)).toBe(true);
    expect(transport.stats().writtenLines).toBe(2_000);
  });

  test('that ends takes nothing more: queued lines are dropped, later ones rejected', async () => {
    const stream = new PassThrough();
    stream.resume();
    const transport = startTransport({ destination: to(stream) });
    transport.sendLines(['a:1|c']);
    await transport.flush(5_000);
    stream.end();
    expect(transport.sendLines(['b:1|c'])).toBe(false);
    const { writtenLines, droppedLines } = transport.stats();
    expect({ writtenLines, droppedLines }).toEqual({ writtenLines: 1, droppedLines: { stream_closed: 1 } });
  });

  test('that fails is a permanent failure: the chunk it failed at and all others are counted, and nothing crashes', async () => {
    const stream = new Writable({
      write: (_bytes, _encoding, callback) => callback(Object.assign(new Error('full'), { code: 'ENOSPC' })),
    });
    const transport = startTransport({ destination: to(stream) });
    transport.sendLines(longLines(2_000));
    await transport.until(({ queuedLines, inFlightLines }) => queuedLines + inFlightLines === 0);
    expect(transport.sendLines(['late:1|c'])).toBe(false);
    await transport.until(() => transport.events.length === 3);
    expect({ droppedLines: transport.stats().droppedLines, events: transport.events }).toEqual({
      droppedLines: { stream_closed: 2_001 },
      events: [
        { kind: 'permanent-failure', cause: 'ENOSPC' },
        { kind: 'lines-dropped', reason: 'stream_closed', lines: 2_000, code: 'ENOSPC' },
        { kind: 'lines-dropped', reason: 'stream_closed', lines: 1 },
      ],
    });
  });

  test.runIf(existsSync('/dev/full'))('on a full disk fails permanently with ENOSPC', async () => {
    const transport = startTransport({ destination: to(createWriteStream('/dev/full')) });
    transport.sendLines(counterLines(10));
    expect(await transport.flush(5_000)).toBe(true);
    expect({ droppedLines: transport.stats().droppedLines, events: transport.events }).toEqual({
      droppedLines: { stream_closed: 10 },
      events: [
        { kind: 'permanent-failure', cause: 'ENOSPC' },
        { kind: 'lines-dropped', reason: 'stream_closed', lines: 10, code: 'ENOSPC' },
      ],
    });
  });

  test('that is destroyed in the middle of a write is a permanent failure', async () => {
    const stream = new Writable({ write: () => {} });
    const transport = startTransport({ destination: to(stream) });
    transport.sendLines(counterLines(10));
    await transport.until(({ inFlightLines }) => inFlightLines === 10);
    stream.destroy();
    await transport.until(({ inFlightLines }) => inFlightLines === 0);
    expect({ droppedLines: transport.stats().droppedLines, events: transport.events }).toEqual({
      droppedLines: { stream_closed: 10 },
      events: [
        { kind: 'permanent-failure', cause: 'stream_closed' },
        { kind: 'lines-dropped', reason: 'stream_closed', lines: 10 },
      ],
    });
  });

  test('that throws is a permanent failure', async () => {
    const stream = new Writable();
    stream.write = () => {
      throw new TypeError('not a stream at all');
    };
    const transport = startTransport({ destination: to(stream) });
    transport.sendLines(['a:1|c']);
    const { droppedLines } = await transport.until(
      ({ droppedLines: dropped }) => dropped.stream_closed === 1,
    );
    expect({ droppedLines, events: transport.events }).toEqual({
      droppedLines: { stream_closed: 1 },
      events: [
        { kind: 'permanent-failure', cause: 'TypeError' },
        { kind: 'lines-dropped', reason: 'stream_closed', lines: 1, code: 'TypeError' },
      ],
    });
  });

  /** Fails each write until told otherwise, but stays writable, as standard output does. */
  function failingStream(code: string): { stream: Writable; repair: () => void; texts: string[] } {
    const texts: string[] = [];
    let isBroken = true;
    const stream = new Writable({
      write: (bytes: Buffer, _encoding, callback) => {
        if (isBroken) return callback(Object.assign(new Error('cannot write'), { code }));
        texts.push(bytes.toString());
        callback();
      },
    });
    // As Node does for standard output (lib/internal/bootstrap/switches/is_main_thread.js).
    const { _undestroy: undestroy } = stream as Writable & { _undestroy(): void };
    stream._destroy = (error, callback) => {
      callback(error);
      undestroy.call(stream);
    };
    return {
      stream,
      texts,
      repair: () => {
        isBroken = false;
      },
    };
  }

  test.each(['EPIPE', 'EIO', 'EBADF', 'ECONNRESET'])(
    'that stays writable after %s is a permanent failure all the same',
    async (code) => {
      const { stream } = failingStream(code);
      const transport = startTransport({ destination: to(stream) });
      transport.sendLines(['a:1|c']);
      expect(await transport.flush(5_000)).toBe(true);
      expect({ writable: stream.writable, isAccepted: transport.sendLines(['b:1|c']) }).toEqual({
        writable: true,
        isAccepted: false,
      });
      expect([transport.stats().droppedLines, transport.events[0]]).toEqual([
        { stream_closed: 2 },
        { kind: 'permanent-failure', cause: code },
      ]);
    },
  );

  test.each(['ENOSPC', 'EDQUOT', 'EAGAIN', 'ENOBUFS'])(
    'that stays writable after %s gets the same lines once there is room, and they count no duplicates',
    async (code) => {
      const { stream, repair, texts } = failingStream(code);
      const transport = startTransport({ destination: to(stream) });
      transport.sendLines(['a:1|c']);
      await transport.until(({ backoffMillis }) => backoffMillis > 0);
      repair();
      expect(await transport.flush(5_000)).toBe(true);
      const { droppedLines, writtenLines, maybeDuplicatedLines } = transport.stats();
      expect({ droppedLines, writtenLines, maybeDuplicatedLines, texts }).toEqual({
        droppedLines: {},
        writtenLines: 1,
        maybeDuplicatedLines: 0,
        texts: ['a:1|c\n'],
      });
      expect(transport.events.map(({ kind }) => kind)).toEqual(['outage', 'recovered']);
    },
  );

  test('that never drains is reported as an outage, and holds one chunk only', async () => {
    const clock = new FakeClock();
    const stream = new Writable({ write: () => {} });
    const transport = startTransport({ destination: to(stream), clock });
    transport.sendLines(longLines(2_000));
    await transport.until(({ inFlightLines }) => inFlightLines > 0);
    clock.advance(30_000);
    expect(transport.events).toEqual([{ kind: 'outage', cause: 'stall' }]);
    expect(stream.writableLength).toBeLessThanOrEqual(65_536);
  });

  test('has listeners only while it is in use, and none after close()', async () => {
    const stream = new PassThrough();
    stream.resume();
    const listeners = (): number => stream.listenerCount('error') + stream.listenerCount('close');
    const before = listeners();
    const transport = startTransport({ destination: to(stream) });
    const unused = listeners();
    transport.sendLines(['a:1|c']);
    await transport.flush(5_000);
    const used = listeners();
    await transport.close(1_000);
    expect([unused - before, used - before, listeners() - before]).toEqual([0, 2, 0]);
  });
});
