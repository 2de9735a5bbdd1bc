// Whether the server answers. A StatsD server never does, so that any byte shows that another service listens there;
// delivery alone does not tell, because such a service may read the lines and close the connection, too.

import { createSocket } from 'node:dgram';
import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Clock } from '../../runtime/clock.js';
import type { Destination } from '../../transport/endpoint/destination.js';
import { PROTOCOLS } from '../../transport/endpoint/protocols.js';

/** Services answer nonsense at once; a server that keeps the connection open is not waited for longer. */
const ANSWER_MILLIS = 1_000;

/** Enough to recognize a service by. */
const MAX_BYTES = 200;

/** The beginning of the answer; undefined when none comes, or when the protocol has none. */
export function readAnswer(
  destination: Destination,
  payload: Buffer,
  clock: Clock,
): Promise<string | undefined> {
  if ('host' in destination) {
    const { kind } = PROTOCOLS[destination.protocol];
    return kind === 'stream'
      ? readFromStream(connectTo(destination), payload, clock)
      : readFromUdp(destination, payload, clock);
  }
  if ('path' in destination && PROTOCOLS[destination.protocol].kind === 'stream') {
    return readFromStream(connect({ path: destination.path }), payload, clock);
  }
  return Promise.resolve(undefined);
}

type HostDestination = Extract<Destination, { readonly host: string }>;

function connectTo({ host, port, protocol }: HostDestination): Socket {
  if (!PROTOCOLS[protocol].isEncrypted) return connect({ host, port });
  return connectTls({ host, port, ...(isIP(host) === 0 ? { servername: host } : {}) });
}

function readFromStream(socket: Socket, payload: Buffer, clock: Clock): Promise<string | undefined> {
  return new Promise((resolve) => {
    let received = Buffer.alloc(0);
    const finish = (): void => {
      timer.cancel();
      socket.destroy();
      resolve(textOf(received));
    };
    const timer = clock.after(ANSWER_MILLIS, finish, { holdProcess: true });
    socket.on('data', (bytes: Buffer) => {
      received = Buffer.concat([received, bytes.subarray(0, MAX_BYTES - received.length)]);
      if (received.length === MAX_BYTES) finish();
    });
    // An error closes the socket, too; what had arrived before it counts.
    socket.on('error', () => {});
    socket.on('close', finish);
    socket.end(payload);
  });
}

function readFromUdp(
  { host, port }: HostDestination,
  payload: Buffer,
  clock: Clock,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = createSocket(isIP(host) === 6 ? 'udp6' : 'udp4');
    const finish = (received: Buffer = Buffer.alloc(0)): void => {
      timer.cancel();
      socket.close();
      resolve(textOf(received));
    };
    const timer = clock.after(ANSWER_MILLIS, () => finish(), { holdProcess: true });
    socket.once('message', (bytes) => finish(bytes.subarray(0, MAX_BYTES)));
    socket.on('error', () => {});
    socket.send(payload, port, host);
  });
}

function textOf(received: Buffer): string | undefined {
  return received.length === 0 ? undefined : received.toString('latin1');
}
