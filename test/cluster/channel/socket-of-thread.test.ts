// The aggregator's unix socket in a thread, where Node.js does not allow to change the umask.
import { statSync } from 'node:fs';
import { expect, it, onTestFinished, vi } from 'vitest';
import { SocketListener } from '../../../src/cluster/channel/socket-peers.js';
import { needs } from '../../support/platform.js';
import { temporarySocketPath } from '../../support/receivers/stream-server.js';
import { loggedReceiver } from '../support/channel-log.js';

needs('socket files');

vi.mock('node:worker_threads', async (original) => ({
  ...(await original<typeof import('node:worker_threads')>()),
  isMainThread: false,
}));

it('a socket of a thread is for its owner alone, though the umask stays', () => {
  const umask = vi.spyOn(process, 'umask').mockImplementation(() => {
    throw new Error('process.umask() is not supported in workers');
  });
  onTestFinished(() => umask.mockRestore());
  const path = temporarySocketPath();
  const { receiver } = loggedReceiver();
  const listener = new SocketListener({ path, receiver, log: (message) => expect.unreachable(message) });
  onTestFinished(() => listener.close());
  expect((statSync(path).mode & 0o777).toString(8)).toBe('600');
});
