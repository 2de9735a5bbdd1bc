// One open socket to the server that gets what was received, over any protocol that can be listened on.

import type { Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { errorCode, errorWithCode } from '../../../runtime/error-code.js';
import { setImmediate } from '../../../runtime/timers.js';
import { openUdpSocket } from '../../../transport/datagram/udp-socket.js';
import type { Endpoint } from '../../../transport/endpoint/endpoint.js';
import { PROTOCOLS } from '../../../transport/endpoint/protocols.js';
import type { Address } from '../../../transport/endpoint/resolver.js';
import { type Framing, LENGTH_BYTES } from '../../../transport/packing/framing.js';
import { openTcp, openUnix, type StreamSocket } from '../../../transport/stream/connect.js';

/** Called with undefined when the operating system took the payload, else with a code. */
export type Sent = (code: string | undefined) => void;

export interface Carrier {
  /** Memory of what the operating system has not taken. */
  readonly unsentBytes: number;
  send(payload: Buffer, sent: Sent): void;
  /** Resolves when all is sent or the socket has failed. */
  end(): Promise<void>;
  destroy(): void;
}

export interface CarrierEvents {
  /** A datagram that the operating system took was refused by the host. */
  readonly onRefused: (code: string) => void;
  /** Nothing can be sent any more; with a code unless the server closed an idle connection. */
  readonly onClosed: (code: string | undefined) => void;
}

export interface CarrierTarget {
  readonly endpoint: Endpoint;
  readonly framing: Framing;
  /** The addresses of the host; none for a path. */
  readonly addresses: readonly Address[];
}

/** Rejects with the system's error. */
export async function openCarrier(
  { endpoint, framing, addresses }: CarrierTarget,
  events: CarrierEvents,
): Promise<Carrier> {
  if ('path' in endpoint)
    return streamCarrier(await connected(openUnix(endpoint.path)), framing, events.onClosed);
  const [first, ...others] = addresses;
  if (first === undefined) throw new Error('no address');
  if (PROTOCOLS[endpoint.protocol].kind === 'stream') {
    return streamCarrier(
      await connected(openTcp([first, ...others], endpoint.port)),
      framing,
      events.onClosed,
    );
  }
  return datagramCarrier(await openUdpSocket(first, endpoint.port, events.onRefused), events.onRefused);
}

function datagramCarrier(socket: UdpSocket, onRefused: CarrierEvents['onRefused']): Carrier {
  let pending = 0;
  let unsentBytes = 0;
  let isClosed = false;
  const close = (): void => {
    if (!isClosed) socket.close();
    isClosed = true;
  };
  const send = (payload: Buffer, sent: Sent, isRepeated: boolean): void => {
    unsentBytes += payload.length;
    pending += 1;
    const called = (error: Error | null): void => {
      unsentBytes -= payload.length;
      pending -= 1;
      const code = error === null ? undefined : errorCode(error);
      // A refusal is about a datagram before; the one it is reported for was not sent.
      if (code === 'ECONNREFUSED' && !isRepeated) {
        onRefused(code);
        send(payload, sent, true);
      } else {
        sent(code);
      }
    };
    try {
      socket.send(payload, called);
    } catch (error) {
      called(error instanceof Error ? error : new Error(String(error)));
    }
  };
  return {
    get unsentBytes() {
      return unsentBytes + pending * PAYLOAD_BYTES;
    },
    send: (payload, sent) => send(payload, sent, false),
    async end() {
      while (pending > 0 && !isClosed) await new Promise((resolve) => setImmediate(resolve));
      close();
    },
    destroy: close,
  };
}

/** Of a payload that waits, besides its bytes: many may have one byte. */
export const PAYLOAD_BYTES = 256;

/** A host that does not answer is given up then. */
const CONNECT_MILLIS = 5_000;

async function connected({ socket, readyEvent }: StreamSocket): Promise<Socket> {
  socket.setTimeout(CONNECT_MILLIS, () => socket.destroy(errorWithCode('ETIMEDOUT', 'no answer')));
  await once(socket, readyEvent);
  socket.setTimeout(0);
  socket.removeAllListeners('timeout');
  return socket;
}

const NEWLINE = 0x0a;

function streamCarrier(socket: Socket, framing: Framing, onClosed: CarrierEvents['onClosed']): Carrier {
  let code: string | undefined;
  let pending = 0;
  socket.resume();
  socket.on('error', (error) => {
    code = errorCode(error);
  });
  socket.on('close', () => onClosed(code));
  return {
    get unsentBytes() {
      return socket.writableLength + pending * PAYLOAD_BYTES;
    },
    send(payload, sent) {
      pending += 1;
      const called = (error: Error | null | undefined): void => {
        pending -= 1;
        sent(codeOf(error));
      };
      // Lines of one turn are one write.
      if (socket.writableCorked === 0) {
        socket.cork();
        setImmediate(() => socket.uncork());
      }
      if (framing === 'length-prefixed') {
        const length = Buffer.alloc(LENGTH_BYTES);
        length.writeUInt32LE(payload.length);
        // A copy: a line is a part of what was read with it, which would be kept as a whole.
        socket.write(Buffer.concat([length, payload]), called);
        return;
      }
      const isEnded = payload.at(-1) === NEWLINE;
      socket.write(isEnded ? payload : Buffer.concat([payload, NEWLINE_BYTES]), called);
    },
    async end() {
      socket.uncork();
      if (socket.destroyed) return;
      const closed = once(socket, 'close');
      socket.end();
      await closed;
    },
    destroy: () => socket.destroy(),
  };
}

const NEWLINE_BYTES = Buffer.from([NEWLINE]);

function codeOf(error: Error | null | undefined): string | undefined {
  return error instanceof Error ? errorCode(error) : undefined;
}
