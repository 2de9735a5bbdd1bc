import { expect, it } from 'vitest';
import { NO_COUNTS } from '../../src/listener/listener.js';
import { lossTexts } from '../../src/listener/losses.js';

it('each kind of loss has a text, and what did not happen has none', () => {
  expect(lossTexts({ ...NO_COUNTS, lines: 7, bytes: 8, datagrams: 9, connections: 10 })).toEqual([]);
  expect(
    lossTexts({
      ...NO_COUNTS,
      cutLines: 1,
      oversizedLines: 2,
      discardedLines: 3,
      refusedConnections: 1,
      failedConnections: 2,
      droppedDatagrams: 1_000,
    }),
  ).toEqual([
    '1 line cut off by the end of a connection',
    '2 lines too long to read',
    '3 lines discarded, too many unfinished',
    '1 connection refused, too many open',
    '2 connections closed, this process has no file descriptors left (ulimit -n)',
    '1,000 datagrams dropped, too many at once',
  ]);
});
