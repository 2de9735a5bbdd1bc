import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { expect, it } from 'vitest';
import { Session } from '../../../../src/cli/listen/session.js';
import { EventClient } from '../../../../src/cli/listen/web/event-client.js';
import { issuesReader } from '../../../../src/cli/listen/web/messages.js';
import { NO_COUNTS } from '../../../../src/listener/listener.js';
import { dialects } from '../../../../src/mapping/dialects/index.js';
import { FakeClock } from '../../../support/fake-clock.js';

class FakeResponse extends EventEmitter {
  messages = 0;
  text = '';
  hasRoom = true;
  isDestroyed = false;

  write(text: string): boolean {
    this.messages += 1;
    this.text = text;
    return this.hasRoom;
  }

  destroy(): void {
    this.isDestroyed = true;
  }
}

function start(session: Session, clock: FakeClock, nowMillis = () => clock.now()) {
  const response = new FakeResponse();
  const client = new EventClient(response as unknown as ServerResponse, {
    state: () => ({
      session,
      counts: NO_COUNTS,
      endpoint: 'udp://a:1',
      dialectSource: undefined,
      nowMillis: nowMillis(),
    }),
    issuesOf: issuesReader(),
    clock,
    run: 'r',
  });
  return { response, client };
}

it('a page gets no further message until it has read the last one', () => {
  const clock = new FakeClock();
  const session = new Session(dialects.statsd, 0);
  const { response, client } = start(session, clock);
  const messagesAfter = (line: string): [number, number] => {
    session.receive(line, clock.now());
    client.update();
    return [response.messages, client.blockedMillis(clock.now() + 7)];
  };
  const first = messagesAfter('a:1|c');
  response.hasRoom = false;
  clock.advance(100);
  const blocked = messagesAfter('a:2|c');
  const waiting = messagesAfter('a:3|c');
  response.emit('drain');
  response.hasRoom = true;
  const free = messagesAfter('a:4|c');
  client.close();
  // The first two are the greeting and all that there is.
  expect([first, blocked, waiting, free, response.isDestroyed, client.hasMore]).toEqual([
    [3, 0],
    [4, 7],
    [4, 7],
    [5, 0],
    true,
    false,
  ]);
});

it('a message has the series that five milliseconds are enough for, and the next one the others', () => {
  const session = new Session(dialects.statsd, 0);
  for (let at = 0; at < 8; at += 1) session.receive(`a${at}:1|g`, 0);
  let millis = 0;
  const clock = new FakeClock();
  // Each series takes a millisecond.
  clock.now = () => {
    millis += 1;
    return millis;
  };
  const { response, client } = start(session, clock, () => millis);
  const idsOf = (): number[] =>
    [...response.text.matchAll(/\[(\d+),[\d.]+,1,1\]/g)].map(([, id]) => Number(id));
  const first = [idsOf(), client.hasMore];
  client.update();
  expect([first, [idsOf(), client.hasMore]]).toEqual([
    [[0, 1, 2, 3, 4], true],
    [[5, 6, 7], false],
  ]);
});
