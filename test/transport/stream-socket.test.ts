import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openTcp } from '../../src/transport/stream-socket.js';

/** How a server sees the end of a connection that was given up with data in it. */
async function endSeenByServer(mayReset: boolean): Promise<string> {
  const server = createServer({ pauseOnConnect: true });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const accepted = once(server, 'connection') as Promise<[Socket]>;

  const stream = openTcp([{ address: '127.0.0.1', family: 4 }], port, mayReset);
  await once(stream.socket, stream.readyEvent);
  const [connection] = await accepted;
  await new Promise((resolve) => stream.socket.write('a:1|c\n', resolve));
  stream.abort();

  return new Promise((resolve) => {
    connection.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    connection.on('end', () => resolve('end'));
    connection.resume();
  });
}

describe('a TCP connection that is given up', () => {
  it('is reset, so that the server does not read on', async () => {
    expect(await endSeenByServer(true)).toBe('ECONNRESET');
  });

  it('is closed where a reset would stop the server', async () => {
    expect(await endSeenByServer(false)).toBe('end');
  });
});
