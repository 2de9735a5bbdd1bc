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
  hasRoom = true;
  isDestroyed = false;

  write(): boolean {
    this.messages += 1;
    return this.hasRoom;
  }

  destroy(): void {
    this.isDestroyed = true;
  }
}

it('a page gets no further message until it has read the last one', () => {
  const clock = new FakeClock();
  const session = new Session(dialects.statsd, 0);
  const response = new FakeResponse();
  const client = new EventClient(response as unknown as ServerResponse, {
    state: () => ({
      session,
      counts: NO_COUNTS,
      endpoint: 'udp://a:1',
      dialectSource: undefined,
      nowMillis: clock.now(),
    }),
    issuesOf: issuesReader(),
    clock,
    run: 'r',
  });
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
