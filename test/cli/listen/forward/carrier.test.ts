import { createSocket } from 'node:dgram';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Carrier, openCarrier } from '../../../../src/cli/listen/forward/carrier.js';
import { startTcpServer, startUnixServer } from '../../../support/receivers/stream-server.js';
import { unusedUdpPort } from '../../../support/receivers/udp-server.js';

interface Opened {
  readonly carrier: Carrier;
  readonly refused: string[];
  /** Resolves with the code of onClosed. */
  readonly closed: Promise<string | undefined>;
}

const HERE = [{ address: '127.0.0.1', family: 4 }] as const;

async function open(protocol: 'udp' | 'tcp', port: number): Promise<Opened> {
  const refused: string[] = [];
  let onClosed: (code: string | undefined) => void = () => {};
  const closed = new Promise<string | undefined>((resolve) => {
    onClosed = resolve;
  });
  const endpoint = { protocol, host: '127.0.0.1', port };
  const carrier = await openCarrier(
    { endpoint, framing: 'newline', addresses: HERE },
    { onRefused: (code) => void refused.push(code), onClosed },
  );
  onTestFinished(() => carrier.destroy());
  return { carrier, refused, closed };
}

/** Resolves with the code that `sent` is called with. */
function send(carrier: Carrier, text: string): Promise<string | undefined> {
  return new Promise((resolve) => carrier.send(Buffer.from(text), resolve));
}

const NO_EVENTS = { onRefused() {}, onClosed() {} };

describe('a carrier of datagrams', () => {
  async function udpServer(): Promise<{ port: number; received: string[] }> {
    const socket = createSocket('udp4').bind(0, '127.0.0.1');
    onTestFinished(() => void socket.close());
    const received: string[] = [];
    socket.on('message', (bytes) => received.push(String(bytes)));
    await once(socket, 'listening');
    return { port: socket.address().port, received };
  }

  it('counts 256 bytes for each datagram that waits, besides its own', async () => {
    const { port } = await udpServer();
    const { carrier } = await open('udp', port);
    const sent = [send(carrier, 'a:1|c'), send(carrier, 'b:12|c')];
    const waiting = carrier.unsentBytes;
    expect([waiting, await Promise.all(sent), carrier.unsentBytes]).toEqual([
      5 + 6 + 2 * 256,
      [undefined, undefined],
      0,
    ]);
  });

  it('ends when all is sent, and may be destroyed after that', async () => {
    const { port } = await udpServer();
    const { carrier } = await open('udp', port);
    let isSent = false;
    void send(carrier, 'a:1|c').then(() => {
      isSent = true;
    });
    await carrier.end();
    expect([isSent, carrier.unsentBytes]).toEqual([true, 0]);
    carrier.destroy();
    await carrier.end();
  });

  it('that is closed tells of each datagram that it does not send', async () => {
    const { port } = await udpServer();
    const { carrier } = await open('udp', port);
    carrier.destroy();
    expect([await send(carrier, 'a:1|c'), carrier.unsentBytes]).toEqual(['ERR_SOCKET_DGRAM_NOT_RUNNING', 0]);
  });

  it('sends a datagram again when the refusal of another is reported for it', async () => {
    const { carrier, refused } = await open('udp', await unusedUdpPort());
    const sent = await Promise.all(['a:1|c', 'b:1|c'].map((text) => send(carrier, text)));
    while (refused.length === 0) await new Promise((resolve) => setImmediate(resolve));
    expect([sent, new Set(refused), carrier.unsentBytes]).toEqual([
      [undefined, undefined],
      new Set(['ECONNREFUSED']),
      0,
    ]);
  });

  it('needs an address of the host', async () => {
    const endpoint = { protocol: 'udp', host: 'a', port: 1 } as const;
    await expect(openCarrier({ endpoint, framing: 'newline', addresses: [] }, NO_EVENTS)).rejects.toThrow(
      new Error('no address'),
    );
  });
});

describe('a carrier of a stream', () => {
  /** The carrier's own socket, of the next connection. */
  function nextClient(): Promise<Socket> {
    return new Promise((resolve) => {
      const onSocket = (message: unknown): void => resolve((message as { socket: Socket }).socket);
      subscribe('net.client.socket', onSocket);
      onTestFinished(() => void unsubscribe('net.client.socket', onSocket));
    });
  }

  it('gives a host that does not answer five seconds to do so, and waits for no traffic after that', async () => {
    const server = await startTcpServer();
    const endpoint = { protocol: 'tcp', host: '127.0.0.1', port: server.port } as const;
    const target = { endpoint, framing: 'newline', addresses: HERE } as const;
    const first = nextClient();
    const opening = openCarrier(target, NO_EVENTS);
    const rejected = expect(opening).rejects.toMatchObject({ code: 'ETIMEDOUT', message: 'no answer' });
    const slow = await first;
    const { timeout } = slow;
    // As when the time has passed.
    slow.emit('timeout');
    await rejected;
    const second = nextClient();
    const carrier = await openCarrier(target, NO_EVENTS);
    onTestFinished(() => carrier.destroy());
    const client = await second;
    expect([timeout, client.timeout, client.listenerCount('timeout')]).toEqual([5_000, 0, 0]);
  });

  it('writes the lines of one turn together, and counts 256 bytes for each besides its own', async () => {
    const server = await startTcpServer();
    const next = nextClient();
    const { carrier } = await open('tcp', server.port);
    const client = await next;
    const sent = [send(carrier, 'a:1|c'), send(carrier, 'b:12|c\n')];
    const waiting = [carrier.unsentBytes, client.writableCorked];
    const codes = await Promise.all(sent);
    expect([waiting, codes, [carrier.unsentBytes, client.writableCorked]]).toEqual([
      [6 + 7 + 2 * 256, 1],
      [undefined, undefined],
      [0, 0],
    ]);
    expect(await server.gotLines(2)).toEqual(['a:1|c', 'b:12|c']);
  });

  it('ends when the server has all and has closed the connection', async () => {
    const server = await startTcpServer();
    const next = nextClient();
    const { carrier, closed } = await open('tcp', server.port);
    const client = await next;
    void send(carrier, 'a:1|c');
    await carrier.end();
    expect([client.destroyed, await closed, server.lines]).toEqual([true, undefined, ['a:1|c']]);
    // At once.
    await carrier.end();
  });

  it('that is destroyed tells of each payload that it does not send', async () => {
    const server = await startTcpServer();
    const next = nextClient();
    const { carrier, closed } = await open('tcp', server.port);
    const client = await next;
    carrier.destroy();
    const isDestroyed = client.destroyed;
    const code = await send(carrier, 'a:1|c');
    expect([isDestroyed, code, carrier.unsentBytes, await closed]).toEqual([
      true,
      'ERR_STREAM_DESTROYED',
      0,
      undefined,
    ]);
  });

  it('tells that the server broke the connection', async () => {
    const server = createServer((socket) => socket.on('data', () => void socket.resetAndDestroy()));
    onTestFinished(() => void server.close());
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const { carrier, closed } = await open('tcp', typeof address === 'object' ? (address?.port ?? 0) : 0);
    void send(carrier, 'a:1|c');
    expect(await closed).toBe('ECONNRESET');
  });

  it('of a socket file needs no address', async () => {
    const server = await startUnixServer();
    const endpoint = { protocol: 'unix', path: server.path } as const;
    const carrier = await openCarrier({ endpoint, framing: 'newline', addresses: [] }, NO_EVENTS);
    void send(carrier, 'a:1|c');
    await carrier.end();
    expect(server.lines).toEqual(['a:1|c']);
  });
});
