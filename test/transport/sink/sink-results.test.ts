// What both kinds of sink say of each write.
import { WriteStream } from 'node:fs';
import { Writable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { errorWithCode } from '../../../src/runtime/error-code.js';
import { FunctionSink } from '../../../src/transport/sink/function-sink.js';
import { WritableSink } from '../../../src/transport/sink/writable-sink.js';
import { chunkOf } from '../../support/lines.js';

const chunk = chunkOf(['a:1|c', 'b:1|c']);

test('a function gets lines without their newlines, and what it throws is why they were not written', async () => {
  const given: string[][] = [];
  const sink = new FunctionSink((lines) => {
    given.push(lines);
    if (given.length === 2) throw errorWithCode('EBUSY', 'busy');
  });
  expect([sink.keepsBytes, sink.permanentFailure, await sink.write(chunk), await sink.write(chunk)]).toEqual([
    false,
    undefined,
    { kind: 'written' },
    { kind: 'not-written', cause: 'EBUSY' },
  ]);
  expect(given).toEqual(Array(2).fill(['a:1|c', 'b:1|c']));
});

/** A stream whose write calls back with this error, and that stays writable. */
const failing = (error: Error | null): Writable =>
  Object.assign(new Writable({ autoDestroy: false, emitClose: false }), {
    write: (_bytes: Buffer, callback: (failure: Error | null) => void) => {
      callback(error);
      return true;
    },
  });

describe('a stream', () => {
  test.each<[string | null, unknown, 'stream_closed' | undefined]>([
    [null, { kind: 'written' }, undefined],
    ...['ENOSPC', 'EDQUOT', 'EAGAIN', 'ENOBUFS'].map((code): [string, unknown, undefined] => [
      code,
      { kind: 'not-written', cause: code },
      undefined,
    ]),
    ...['EPIPE', 'EIO', 'EBADF', 'ECONNRESET', 'ERR_STREAM_DESTROYED', 'ERR_STREAM_WRITE_AFTER_END'].map(
      (code): [string, unknown, 'stream_closed'] => [code, { kind: 'unknown', cause: code }, 'stream_closed'],
    ),
    ['EWHATEVER', { kind: 'unknown', cause: 'EWHATEVER' }, undefined],
  ])('that calls back with %s', async (code, result, permanentFailure) => {
    const sink = new WritableSink(failing(code === null ? null : errorWithCode(code, 'no')));
    expect([sink.permanentFailure, await sink.write(chunk), sink.permanentFailure]).toEqual([
      undefined,
      result,
      permanentFailure,
    ]);
  });

  test('that throws takes nothing more', async () => {
    const stream = failing(null);
    stream.write = () => {
      throw errorWithCode('EWHATEVER', 'no');
    };
    const sink = new WritableSink(stream);
    expect([await sink.write(chunk), await sink.write(chunk), sink.permanentFailure]).toEqual([
      { kind: 'unknown', cause: 'EWHATEVER' },
      { kind: 'not-written', cause: 'stream_closed' },
      'stream_closed',
    ]);
  });

  test('that is destroyed during a write need not call back', async () => {
    const stream = new Writable({ write: () => {} });
    const sink = new WritableSink(stream);
    const written = sink.write(chunk);
    stream.destroy();
    expect(await written).toEqual({ kind: 'unknown', cause: 'stream_closed' });
  });

  test('has one listener for each event, however much is written, and none once it is closed', async () => {
    const stream = failing(null);
    const sink = new WritableSink(stream);
    const counts = (): number[] => ['error', 'close'].map((event) => stream.listenerCount(event));
    const before = counts();
    for (let count = 0; count < 3; count += 1) await sink.write(chunk);
    const during = counts();
    sink.close();
    expect([before, during, counts()]).toEqual([
      [0, 0],
      [1, 1],
      [0, 0],
    ]);
  });

  test('keeps its listener of errors while a write is under way', () => {
    const stream = new Writable({ write: () => {} });
    const sink = new WritableSink(stream);
    void sink.write(chunk);
    sink.close();
    expect(['error', 'close'].map((event) => stream.listenerCount(event))).toEqual([1, 0]);
  });

  test('of a file is done with the bytes after a write, unless the app has changed how it writes', () => {
    const file = (changes: object): WriteStream =>
      Object.assign(Object.create(WriteStream.prototype) as WriteStream, changes);
    const keepsBytes = (stream: Writable): boolean => new WritableSink(stream).keepsBytes;
    expect([
      keepsBytes(file({})),
      ...['write', '_write', '_writev'].map((method) => keepsBytes(file({ [method]: () => true }))),
      keepsBytes(new Writable()),
    ]).toEqual([false, true, true, true, true]);
  });
});
