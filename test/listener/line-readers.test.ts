import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  FrameReader,
  type LineEvents,
  NewlineReader,
  readDatagram,
} from '../../src/listener/line-readers.js';
import { ByteBudget } from '../../src/listener/pending-bytes.js';

function recorder() {
  const seen = { lines: [] as string[], cut: 0, oversized: 0, discarded: 0, aborted: 0 };
  const count = (what: 'cut' | 'oversized' | 'discarded' | 'aborted') => () => {
    seen[what] += 1;
  };
  const events: LineEvents = {
    onLine: (line) => void seen.lines.push(line),
    onCut: count('cut'),
    onOversized: count('oversized'),
    onDiscarded: count('discarded'),
  };
  return { seen, events, abort: count('aborted') };
}

function framed(text: string): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt32LE(Buffer.byteLength(text));
  return Buffer.concat([head, Buffer.from(text)]);
}

/** The bytes in pieces that end at these places. */
function* pieces(bytes: Buffer, cuts: readonly number[]): Generator<Buffer> {
  let start = 0;
  for (const end of [...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]) {
    yield bytes.subarray(start, end);
    start = end;
  }
}

const anyLines = fc.array(
  fc.string({ unit: 'binary', maxLength: 20 }).map((text) => text.replaceAll('\n', '')),
);
const anyCuts = fc.array(fc.nat());

/** Lines, and what they were received as before them. */
function payloadRecorder() {
  const received: unknown[] = [];
  const none = (): void => void received.push('lost');
  const events: LineEvents = {
    onLine: (line) => void received.push(line),
    onPayload: (bytes) => void received.push([String(bytes)]),
    onCut: none,
    onOversized: none,
    onDiscarded: none,
  };
  return { received, events, limits: { maxBytes: 100, budget: new ByteBudget(1_000) } };
}

describe('what was received comes before its lines', () => {
  it('as a datagram', () => {
    const { received, events } = payloadRecorder();
    readDatagram(Buffer.from('a\n\nb'), events);
    expect(received).toEqual([['a\n\nb'], 'a', 'b']);
  });

  it('as a line without its newline, also in parts', () => {
    const { received, events, limits } = payloadRecorder();
    const reader = new NewlineReader(events, limits);
    for (const part of ['a\n\nb', 'c\n']) reader.read(Buffer.from(part));
    expect(received).toEqual([['a'], 'a', ['bc'], 'bc']);
  });

  it('as the payload of a frame', () => {
    const { received, events, limits } = payloadRecorder();
    new FrameReader(events, limits, () => {}).read(Buffer.concat([framed('a\nb\n'), framed('')]));
    expect(received).toEqual([['a\nb\n'], 'a', 'b', ['']]);
  });
});

describe('lines that end in a newline', () => {
  it('may be as long as the limit, whole or in parts, and one that is too long is counted once', () => {
    const { seen, events } = recorder();
    const reader = new NewlineReader(events, { maxBytes: 4, budget: new ByteBudget(1_000) });
    for (const part of ['aaaa\n', 'bb', 'bb', '\n', 'cccc', 'c', 'c', 'c\n', 'ddddd\n', 'ee', 'eee\n', 'f\n'])
      reader.read(Buffer.from(part));
    expect(seen).toEqual({ lines: ['aaaa', 'bbbb', 'f'], cut: 0, oversized: 3, discarded: 0, aborted: 0 });
  });

  it('are not cut when their connection ends after a newline or within one that is skipped', () => {
    const { seen, events } = recorder();
    const limits = { maxBytes: 4, budget: new ByteBudget(1_000) };
    for (const text of ['a\n', 'aaaaa', '', 'a', 'a']) {
      const reader = new NewlineReader(events, limits);
      reader.read(Buffer.from(text));
      reader.end();
      reader.end();
    }
    expect(seen).toEqual({ lines: ['a'], cut: 2, oversized: 1, discarded: 0, aborted: 0 });
  });

  it('are the same however they are cut into reads, but for those above the limit', () => {
    fc.assert(
      fc.property(anyLines, anyCuts, fc.integer({ min: 4, max: 40 }), (lines, cuts, maxBytes) => {
        const { seen, events } = recorder();
        const reader = new NewlineReader(events, { maxBytes, budget: new ByteBudget(1_000) });
        for (const piece of pieces(Buffer.from(lines.map((line) => `${line}\n`).join('')), cuts))
          reader.read(piece);
        reader.end();
        const fits = (line: string) => Buffer.byteLength(line) <= maxBytes;
        expect(seen).toEqual({
          lines: lines.filter((line) => line !== '' && fits(line)),
          cut: 0,
          oversized: lines.filter((line) => !fits(line)).length,
          discarded: 0,
          aborted: 0,
        });
      }),
    );
  });

  it('are discarded while the unfinished ones of other connections use up the budget', () => {
    const { seen, events } = recorder();
    const limits = { maxBytes: 10_000, budget: new ByteBudget(1_000) };
    const [first, second] = [new NewlineReader(events, limits), new NewlineReader(events, limits)];
    first.read(Buffer.alloc(900, 'a'));
    second.read(Buffer.from('whole\nhalf'));
    second.read(Buffer.from(' and the rest\nnext\n'));
    first.read(Buffer.from('\n'));
    second.read(Buffer.from('half'));
    second.read(Buffer.from(' two\n'));
    expect(seen).toEqual({
      lines: ['whole', 'next', 'a'.repeat(900), 'half two'],
      cut: 0,
      oversized: 0,
      discarded: 1,
      aborted: 0,
    });
  });

  it('leave the budget as it was when their connection ends', () => {
    const { seen, events } = recorder();
    const limits = { maxBytes: 10_000, budget: new ByteBudget(256) };
    for (let count = 0; count < 10; count += 1) {
      const reader = new NewlineReader(events, limits);
      reader.read(Buffer.from('half'));
      reader.end();
    }
    expect({ cut: seen.cut, discarded: seen.discarded, taken: limits.budget.take(256) }).toEqual({
      cut: 10,
      discarded: 0,
      taken: true,
    });
  });
});

describe('payloads after their length', () => {
  it('are the same however they are cut into reads', () => {
    fc.assert(
      fc.property(anyLines, anyCuts, (lines, cuts) => {
        const { seen, events, abort } = recorder();
        const budget = new ByteBudget(1_000);
        const reader = new FrameReader(events, { maxBytes: 1_000, budget }, abort);
        for (const piece of pieces(Buffer.concat(lines.map(framed)), cuts)) reader.read(piece);
        reader.end();
        const received = {
          lines: lines.filter((line) => line !== ''),
          cut: 0,
          oversized: 0,
          discarded: 0,
          aborted: 0,
        };
        expect({ seen, taken: budget.take(1_000) }).toEqual({ seen: received, taken: true });
      }),
    );
  });

  it('are skipped when the budget is used up, and the next one is found', () => {
    const { seen, events, abort } = recorder();
    const reader = new FrameReader(events, { maxBytes: 10_000, budget: new ByteBudget(1_000) }, abort);
    const long = framed('x'.repeat(2_000));
    const cuts = [0, 700, 1_500, 1_600, 1_700, long.length];
    for (const [at, start] of cuts.slice(0, -1).entries()) reader.read(long.subarray(start, cuts[at + 1]));
    reader.read(framed('next'));
    expect(seen).toEqual({ lines: ['next'], cut: 0, oversized: 0, discarded: 1, aborted: 0 });
  });

  it('may be as long as the limit', () => {
    const { seen, events, abort } = recorder();
    const reader = new FrameReader(events, { maxBytes: 100, budget: new ByteBudget(1_000) }, abort);
    reader.read(Buffer.concat([framed('x'.repeat(100)), framed('y')]));
    expect(seen).toEqual({ lines: ['x'.repeat(100), 'y'], cut: 0, oversized: 0, discarded: 0, aborted: 0 });
  });

  it('are cut when their connection ends within their length, within them, or within one that is skipped', () => {
    const { seen, events, abort } = recorder();
    const long = framed('x'.repeat(2_000));
    for (const part of [
      long.subarray(0, 3),
      long.subarray(0, 4),
      long.subarray(0, 900),
      long.subarray(0, 1_900),
    ]) {
      const budget = new ByteBudget(1_000);
      const reader = new FrameReader(events, { maxBytes: 10_000, budget }, abort);
      reader.read(part);
      reader.end();
      reader.end();
      expect(budget.take(1_000)).toBe(true);
    }
    expect(seen).toEqual({ lines: [], cut: 4, oversized: 0, discarded: 1, aborted: 0 });
  });

  it('break the connection when there is no room for their length', () => {
    const { seen, events, abort } = recorder();
    const reader = new FrameReader(events, { maxBytes: 100, budget: new ByteBudget(100) }, abort);
    reader.read(Buffer.concat([framed('a'), framed('b')]));
    reader.read(framed('c'));
    reader.end();
    expect(seen).toEqual({ lines: [], cut: 0, oversized: 1, discarded: 1, aborted: 1 });
  });

  it('leave the rest of a read alone when the connection is broken', () => {
    const { seen, events, abort } = recorder();
    const budget = new ByteBudget(1_000);
    const reader = new FrameReader(events, { maxBytes: 100, budget }, abort);
    reader.read(Buffer.concat([framed('x'.repeat(101)), framed('b')]));
    reader.read(framed('c'));
    reader.end();
    expect([seen, budget.take(1_000)]).toEqual([
      { lines: [], cut: 0, oversized: 1, discarded: 0, aborted: 1 },
      true,
    ]);
  });

  it('break the connection when their length is above the limit, also when it arrives byte by byte', () => {
    const { seen, events, abort } = recorder();
    const reader = new FrameReader(events, { maxBytes: 100, budget: new ByteBudget(1_000) }, abort);
    for (const byte of framed('x'.repeat(101))) reader.read(Buffer.from([byte]));
    reader.end();
    expect(seen).toEqual({ lines: [], cut: 0, oversized: 1, discarded: 0, aborted: 1 });
  });
});
