import { expect, it } from 'vitest';
import { transportEventText } from '../../../src/exporter/telemetry/transport-messages.js';
import type { TransportEvent } from '../../../src/transport/transport.js';

it.each<[TransportEvent, string]>([
  [
    { kind: 'outage', cause: 'ENOENT' },
    'cannot deliver to unix:///a: ENOENT (there is no socket at this path). Start the server, or correct the path. In a ' +
      'container the folder of the socket must be mounted. Metrics are kept and sent once delivery works again',
  ],
  [
    { kind: 'outage', cause: 'EWHATEVER' },
    'cannot deliver to unix:///a: EWHATEVER. Metrics are kept and sent once delivery works again',
  ],
  [
    { kind: 'downgraded' },
    'unix:///a does not close connections after the exporter has, so delivery cannot be confirmed; continuing as with ' +
      "delivery: 'persistent'. Set that option if this is a load balancer",
  ],
  [
    { kind: 'permanent-failure', cause: 'ENOSPC' },
    'cannot deliver to unix:///a: ENOSPC (the disk is full). This is permanent: all further metrics are dropped',
  ],
  [
    { kind: 'lines-dropped', reason: 'poison', lines: 12 },
    '12 lines dropped, not sent to unix:///a: the server broke every connection that carried them, and read ' +
      'others in between; its log may say what is wrong with them',
  ],
  [
    { kind: 'lines-dropped', reason: 'too_large', lines: 1, metric: 'a.b', bytes: 9_000, limitBytes: 8_192 },
    '1 line of metric "a.b" dropped, not sent to unix:///a: 9000 bytes exceed the largest payload of 8192 bytes, which ' +
      'is maxPayloadBytes if that is set, else what the server reads whole; use fewer or shorter tags',
  ],
  [
    { kind: 'lines-dropped', reason: 'too_large', lines: 2, bytes: 8_192, code: 'EMSGSIZE' },
    '2 lines dropped, not sent to unix:///a: the network takes no datagram of 8192 bytes (EMSGSIZE); set ' +
      'maxPayloadBytes to less',
  ],
  [
    { kind: 'lines-dropped', reason: 'invalid', lines: 1 },
    '1 line dropped, not sent to unix:///a: the text is not whole lines, which is a bug of a custom dialect or of this ' +
      'package',
  ],
  [
    { kind: 'lines-dropped', reason: 'queue_full', lines: 300, limitBytes: 1_000 },
    '300 lines dropped, not sent to unix:///a: the queue has reached its limit of 1000 bytes (queue.maxBytes), because ' +
      'lines arrive faster than they are delivered or the server is down',
  ],
  [
    { kind: 'lines-dropped', reason: 'unknown', lines: 3 },
    '3 lines dropped, not sent to unix:///a: their connection broke, so that the server may or may not have read them, ' +
      "and onUnconfirmed is 'drop'",
  ],
  [
    { kind: 'lines-dropped', reason: 'udp_error', lines: 3, bytes: 100, code: 'EINVAL' },
    '3 lines dropped, not sent to unix:///a: the operating system rejects the datagram of 100 bytes (EINVAL)',
  ],
  [
    { kind: 'lines-dropped', reason: 'stream_closed', lines: 3, code: 'EPIPE' },
    '3 lines dropped, not sent to unix:///a: the stream has ended or failed (EPIPE)',
  ],
  [
    { kind: 'lines-dropped', reason: 'stream_closed', lines: 3 },
    '3 lines dropped, not sent to unix:///a: the stream has ended or failed',
  ],
  [
    { kind: 'lines-dropped', reason: 'shutdown', lines: 3 },
    '3 lines dropped, not sent to unix:///a: the exporter was shut down before they were delivered ' +
      '(shutdownTimeoutMillis)',
  ],
])('the event %o is logged as a text that says what to do', (event, text) => {
  expect(transportEventText(event, { protocol: 'unix', path: '/a' })).toEqual({
    level: 'warn',
    message: text,
  });
});

it('the end of an outage is logged as information', () => {
  const event: TransportEvent = { kind: 'recovered', outageMillis: 61_400 };
  expect(transportEventText(event, { protocol: 'unix', path: '/a' })).toEqual({
    level: 'info',
    message: 'delivering to unix:///a again after 61 s',
  });
});
