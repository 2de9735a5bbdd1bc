import { expect, it } from 'vitest';
import { Session } from '../../../../src/cli/listen/session.js';
import type { TableState } from '../../../../src/cli/listen/table-view.js';
import { issuesReader, plotOf, statusOf } from '../../../../src/cli/listen/web/messages.js';
import { NO_COUNTS } from '../../../../src/listener/listener.js';
import { dialects } from '../../../../src/mapping/dialects/index.js';

const stateOf = (session: Session, more: Partial<TableState> = {}): TableState => ({
  session,
  counts: NO_COUNTS,
  endpoint: 'udp://a:1',
  dialectSource: undefined,
  nowMillis: 0,
  ...more,
});

it('the status says whether lines are well formed and forwarding works', () => {
  const session = new Session(dialects.statsd, 0);
  const forward = {
    endpoint: { protocol: 'udp', host: 'b', port: 2 },
    noun: 'line',
    passedOn: 1,
    lost: 0,
    health: { name: 'working' },
  } as const;
  const failing = { ...forward, health: { name: 'failing', cause: 'EWEIRD' } } as const;
  const statuses = [undefined, forward, failing].map((each) =>
    JSON.parse(statusOf(stateOf(session, { forward: each }))),
  );
  const counts = ['0:00', '0 lines', '0 series'];
  expect(statuses).toEqual([
    { counts, isHealthy: true },
    {
      counts: [...counts, '1 line passed on'],
      isHealthy: true,
      forward: { text: 'Forwarding to udp://b:2', isFailing: false },
    },
    {
      counts: [...counts, '1 line passed on'],
      isHealthy: true,
      forward: {
        text: 'Forwarding to udp://b:2 fails: the connection failed (EWEIRD)',
        isFailing: true,
      },
    },
  ]);
});

it('issues are read latest first', () => {
  const session = new Session(dialects.statsd, 0);
  const read = issuesReader();
  const lines = (): string[] => JSON.parse(read(session)).map(({ line }: { line: string }) => line);
  const none = lines();
  session.receive('bad', 0);
  session.receive('worse', 0);
  expect([none, lines(), lines()]).toEqual([[], ['worse', 'bad'], ['worse', 'bad']]);
});

it('a series without points over time has no plot', () => {
  const session = new Session(dialects.statsd, 0);
  session.receive('a:1|c', 0);
  expect(plotOf(stateOf(session), 0, 60)).toBeUndefined();
});
