import { expect, it } from 'vitest';
import {
  type ForwardStatus,
  forwardChangeText,
  forwardCounts,
  forwardText,
} from '../../../../src/cli/listen/forward/forward-text.js';

const status: ForwardStatus = {
  endpoint: { protocol: 'udp', host: 'a', port: 1 },
  noun: 'line',
  passedOn: 2_000,
  lost: 0,
  health: { name: 'working' },
};
const failing = (cause: string): ForwardStatus => ({ ...status, health: { name: 'failing', cause } });

it('forwarding that works is told with what was lost before', () => {
  expect([forwardText(status), ...[0, 1, 2].map((lost) => forwardChangeText({ ...status, lost }))]).toEqual([
    'Forwarding to udp://a:1',
    'Forwarding to udp://a:1 works again; 0 lines have not been passed on so far',
    'Forwarding to udp://a:1 works again; 1 line has not been passed on so far',
    'Forwarding to udp://a:1 works again; 2 lines have not been passed on so far',
  ]);
});

it('forwarding that fails is told with the reason', () => {
  const texts = [
    'Forwarding to udp://a:1 fails: nothing listens on the port (ECONNREFUSED)',
    'Forwarding to udp://a:1 fails: the connection failed (EWEIRD)',
  ];
  expect(['ECONNREFUSED', 'EWEIRD'].map((cause) => forwardText(failing(cause)))).toEqual(texts);
  expect(['ECONNREFUSED', 'EWEIRD'].map((cause) => forwardChangeText(failing(cause)))).toEqual(texts);
});

it('the counts of forwarding name what was lost where something was', () => {
  expect([forwardCounts(status), forwardCounts({ ...status, passedOn: 1, lost: 3_000 })]).toEqual([
    ['2,000 lines passed on'],
    ['1 line passed on', '3,000 not passed on'],
  ]);
});
