// In a file of its own: pipes that other tests close meanwhile would be counted, too.
import { expect, it, onTestFinished } from 'vitest';
import { openSocketChannel } from '../../../src/cluster/channel/socket-channel.js';
import { SocketListener } from '../../../src/cluster/channel/socket-peers.js';
import { needs } from '../../support/platform.js';
import { temporarySocketPath } from '../../support/receivers/stream-server.js';
import { loggedReceiver, openLogged, welcome } from '../support/channel-log.js';

needs('socket files');

/** Servers and connections that keep the process alive. */
function holdingPipes(): string[] {
  return process.getActiveResourcesInfo().filter((name) => name.startsWith('Pipe'));
}

it('neither end of a unix socket keeps its process alive, while it waits or is open', async () => {
  const path = temporarySocketPath();
  const { receiver, log } = loggedReceiver();
  const before = holdingPipes();
  const listener = new SocketListener({ path, receiver, log: () => {} });
  onTestFinished(() => listener.close());
  const listening = holdingPipes();
  const worker = openLogged(openSocketChannel(path));
  const connecting = holdingPipes();
  expect(await worker.log.take(2)).toEqual(['open', welcome]);
  worker.channel.send({ n: 1 }, () => {});
  expect(await log.take(1)).toEqual([{ n: 1 }]);
  expect({ listening, connecting, open: holdingPipes() }).toEqual({
    listening: before,
    connecting: before,
    open: before,
  });
});
