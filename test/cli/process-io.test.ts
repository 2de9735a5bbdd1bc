import { EventEmitter } from 'node:events';
import { expect, it } from 'vitest';
import { processIo } from '../../src/cli/shared/process-io.js';

it('output is full when more than a MiB waits for its reader', () => {
  const isFull = (waiting: number): boolean => {
    const stream = Object.assign(new EventEmitter(), { writableLength: waiting, isTTY: false });
    const streams = { stdout: { value: stream }, stderr: { value: stream } };
    return processIo(Object.create(process, streams)).out.isFull;
  };
  expect([0, 1_048_576, 1_048_577].map(isFull)).toEqual([false, false, true]);
});
