import { expect, it } from 'vitest';
import { transportEventText } from '../../../src/exporter/telemetry/transport-messages.js';

type Event = Parameters<typeof transportEventText>[0];

it.each<[Event, string]>([
  [
    { kind: 'outage', cause: 'ENOENT' },
    'cannot deliver to unix:///a: ENOENT (there is no such socket file). Start the server, or correct the path. In a ' +
      'container its folder must be mounted. Metrics are kept and sent once delivery works again',
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
    { kind: 'poison', lines: 12 },
    '12 lines are dropped: unix:///a broke every connection that carried them. Its log may say what is wrong with them',
  ],
])('the event %o is logged as a text that says what to do', (event, text) => {
  expect(transportEventText(event, { protocol: 'unix', path: '/a' })).toBe(text);
});
