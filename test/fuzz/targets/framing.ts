import assert from 'node:assert/strict';
import {
  FrameReader,
  type LineEvents,
  NewlineReader,
  type ReaderLimits,
} from '../../../src/listener/line-readers.js';
import { ByteBudget } from '../../../src/listener/pending-bytes.js';
import { pieces, type Target } from './target.js';

const MAX_BYTES = 64;

type CreateReader = (events: LineEvents, limits: ReaderLimits) => NewlineReader | FrameReader;

const READERS: readonly CreateReader[] = [
  (events, limits) => new NewlineReader(events, limits),
  (events, limits) => new FrameReader(events, limits, () => {}),
];

/** Reads the same from a stream however it is cut, and keeps no byte of an ended connection. */
export const framing: Target = {
  corpus: [
    'a:1|c\nb:2|g\n',
    'a:1|c\nb:2',
    `${'a'.repeat(65)}\nb\n`,
    frame('a:1|c\nb:2|g'),
    Buffer.concat([frame('a'), frame(''), frame('b').subarray(0, 3)]),
    Buffer.from([65, 0, 0, 0, 97]),
    Buffer.from([255, 255, 255, 255, 97]),
  ],
  tokens: [
    '\n',
    '\n\n',
    '\u0000\u0000\u0000',
    '\u0001\u0000\u0000\u0000a',
    '@\u0000\u0000\u0000',
    'a'.repeat(64),
  ],
  run(input) {
    for (const create of READERS) {
      assert.deepEqual(read(create, pieces(input), 2 ** 20), read(create, [input], 2 ** 20));
      // With little room, what is read depends on the cuts.
      read(create, pieces(input), 40);
    }
  },
};

function frame(text: string): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(Buffer.byteLength(text));
  return Buffer.concat([length, Buffer.from(text)]);
}

function read(create: CreateReader, parts: readonly Buffer[], budgetBytes: number): unknown[] {
  const events: unknown[] = [];
  const budget = new ByteBudget(budgetBytes);
  const reader = create(
    {
      onLine: (line) => events.push(line),
      onCut: () => events.push({ kind: 'cut' }),
      onOversized: () => events.push({ kind: 'oversized' }),
      onDiscarded: () => events.push({ kind: 'discarded' }),
    },
    { maxBytes: MAX_BYTES, budget },
  );
  for (const part of parts) reader.read(part);
  reader.end();
  assert(budget.take(budgetBytes), 'bytes of an ended connection are kept');
  for (const event of events) {
    assert(typeof event !== 'string' || (event !== '' && !event.includes('\n')), 'not a line');
  }
  return events;
}
