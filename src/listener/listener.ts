// The receiving end: a socket that turns what clients send into lines, for tests and for people who want to see lines. It
// never answers, and closes a connection when the client has closed it, as StatsD servers do.

import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, isIP, type Server, type Socket } from 'node:net';
import type { Clock } from '../runtime/clock.js';
import { errorCode } from '../runtime/error-code.js';
import { hasFreeDescriptor } from '../runtime/file-descriptors.js';
import { removeStaleSocketFile } from '../runtime/socket-file.js';
import type { Endpoint, HostEndpoint, PathEndpoint } from '../transport/endpoint/endpoint.js';
import { ENDPOINT_PROTOCOLS, PROTOCOLS } from '../transport/endpoint/protocols.js';
import type { Framing } from '../transport/packing/framing.js';
import { Intake } from './intake.js';
import {
  FrameReader,
  type LineEvents,
  type LineReader,
  NewlineReader,
  type ReaderLimits,
} from './line-readers.js';
import { ByteBudget } from './pending-bytes.js';

export interface ListenerOptions {
  /** Its protocol is `udp`, `tcp` or `unix`; port 0 takes any free one. */
  readonly endpoint: Endpoint;
  readonly framing?: Framing | undefined;
  readonly onLine: (line: string) => void;
  /** A datagram, a line without its newline or the payload of a frame, as it was received; before its lines. */
  readonly onPayload?: ((bytes: Buffer) => void) | undefined;
  /** Default 1 MiB, longer than any line a StatsD server takes; statsite, the most tolerant, was seen to take 300,000. */
  readonly maxLineBytes?: number | undefined;
  readonly clock?: Clock | undefined;
}

export interface ListenerCounts {
  readonly lines: number;
  readonly bytes: number;
  readonly datagrams: number;
  readonly connections: number;
  /** Connections that ended in the middle of a line. */
  readonly cutLines: number;
  /** Lines or frames that exceeded the limit. */
  readonly oversizedLines: number;
  /** Lines or frames discarded because the unfinished ones of all connections exceeded the limit. */
  readonly discardedLines: number;
  /** Connections closed at once because as many as are allowed were open. */
  readonly refusedConnections: number;
  /** Connections closed at once because the process had no file descriptor left, or that could not be accepted. */
  readonly failedConnections: number;
  /** Datagrams dropped because too many waited to be processed. */
  readonly droppedDatagrams: number;
}

export interface Listener {
  /** Where it listens, with the port that was taken. */
  readonly endpoint: Endpoint;
  counts(): ListenerCounts;
  /** No line comes until `resume()`: streams wait, and so do datagrams up to 4 MiB. */
  pause(): void;
  resume(): void;
  /** Stops listening and destroys open connections. Idempotent. */
  close(): Promise<void>;
}

const MAX_LINE_BYTES = 2 ** 20;

/** Of the unfinished lines of all connections together. */
const MAX_PENDING_BYTES = 32 * 2 ** 20;

/** At a time. Each takes some kilobytes beside its unfinished line. */
const MAX_CONNECTIONS = 1_024;

/** Room for bursts while the event loop is busy; the operating system may grant less. */
const RECEIVE_BUFFER_BYTES = 4 * 2 ** 20;

type Counter = { -readonly [K in keyof ListenerCounts]: number };

/** The counts of a listener to which nothing has come. */
export const NO_COUNTS: Readonly<Counter> = {
  lines: 0,
  bytes: 0,
  datagrams: 0,
  connections: 0,
  cutLines: 0,
  oversizedLines: 0,
  discardedLines: 0,
  refusedConnections: 0,
  failedConnections: 0,
  droppedDatagrams: 0,
};

/** Rejects with the system's error when the endpoint cannot be listened on. */
export async function listen({
  endpoint,
  framing = 'newline',
  onLine,
  onPayload,
  maxLineBytes = MAX_LINE_BYTES,
  clock,
}: ListenerOptions): Promise<Listener> {
  const counter: Counter = { ...NO_COUNTS };
  const intake = new Intake((line) => {
    counter.lines += 1;
    onLine(line);
  }, clock);
  const events: LineEvents = {
    onLine: intake.onLine,
    onPayload,
    onCut: () => {
      counter.cutLines += 1;
    },
    onOversized: () => {
      counter.oversizedLines += 1;
    },
    onDiscarded: () => {
      counter.discardedLines += 1;
    },
  };
  const { canListen, kind } = PROTOCOLS[endpoint.protocol];
  if (!canListen) {
    const usable = ENDPOINT_PROTOCOLS.filter((protocol) => PROTOCOLS[protocol].canListen).join(' or ');
    throw new Error(`listening on ${endpoint.protocol} is not supported: use ${usable}`);
  }
  const limits: ReaderLimits = { maxBytes: maxLineBytes, budget: new ByteBudget(MAX_PENDING_BYTES) };
  const createReader: CreateReader = (abort) =>
    framing === 'newline' ? new NewlineReader(events, limits) : new FrameReader(events, limits, abort);
  const receiver: Receiver = { counter, intake, events, createReader };
  if ('path' in endpoint) return listenOnPath(endpoint, receiver);
  if (kind === 'datagram') return listenForDatagrams(endpoint, receiver);
  return listenForStreams(endpoint, receiver);
}

type CreateReader = (abort: () => void) => LineReader;

interface Receiver {
  readonly counter: Counter;
  readonly intake: Intake;
  readonly events: LineEvents;
  readonly createReader: CreateReader;
}

async function listenForDatagrams(
  endpoint: HostEndpoint,
  { counter, intake, events }: Receiver,
): Promise<Listener> {
  const type = isIP(endpoint.host) === 6 ? 'udp6' : 'udp4';
  const socket = createSocket({ type, recvBufferSize: RECEIVE_BUFFER_BYTES });
  socket.on('message', (bytes) => {
    counter.datagrams += 1;
    counter.bytes += bytes.length;
    if (!intake.datagram(bytes, events)) counter.droppedDatagrams += 1;
  });
  socket.bind(endpoint.port, endpoint.host);
  try {
    await once(socket, 'listening');
  } catch (error) {
    socket.close();
    throw error;
  }
  // An error of one datagram does not end the listener.
  socket.on('error', () => {});
  let closed: Promise<unknown> | undefined;
  return {
    endpoint: { ...endpoint, port: socket.address().port },
    counts: () => ({ ...counter }),
    pause: () => intake.pause(),
    resume: () => intake.resume(),
    close: async () => {
      if (closed === undefined) {
        intake.close();
        closed = once(socket, 'close');
        socket.close();
      }
      await closed;
    },
  };
}

async function listenForStreams(
  endpoint: HostEndpoint | PathEndpoint,
  receiver: Receiver,
): Promise<Listener> {
  const { counter, intake } = receiver;
  const open = new Set<Socket>();
  // Half open: a client sees its connection end when all that it sent is processed.
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    // 'close' follows an error, as it follows an end.
    socket.on('error', () => {});
    if (!hasFreeDescriptor()) {
      counter.failedConnections += 1;
      socket.destroy();
      return;
    }
    counter.connections += 1;
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    receive(socket, receiver);
  });
  server.maxConnections = MAX_CONNECTIONS;
  server.on('drop', () => {
    counter.refusedConnections += 1;
  });
  server.listen('path' in endpoint ? { path: endpoint.path } : { port: endpoint.port, host: endpoint.host });
  await once(server, 'listening');
  // An error of one accept does not end the listener.
  server.on('error', () => {
    counter.failedConnections += 1;
  });
  let closed: Promise<unknown> | undefined;
  return {
    endpoint: 'path' in endpoint ? endpoint : { ...endpoint, port: portOf(server) },
    counts: () => ({ ...counter }),
    pause: () => intake.pause(),
    resume: () => intake.resume(),
    close: async () => {
      if (closed === undefined) {
        intake.close();
        closed = once(server, 'close');
        server.close();
        for (const socket of open) socket.destroy();
      }
      await closed;
    },
  };
}

function receive(socket: Socket, { counter, intake, createReader }: Receiver): void {
  const reader = createReader(() => socket.destroy());
  socket.on('data', (bytes: Buffer) => {
    counter.bytes += bytes.length;
    intake.stream(socket, reader, bytes);
  });
  socket.on('end', () =>
    intake.afterwards(socket, () => {
      reader.end();
      socket.end();
    }),
  );
  socket.on('close', () => intake.afterwards(socket, () => reader.end()));
}

/** Replaces the socket file that a killed server left behind. */
async function listenOnPath(endpoint: PathEndpoint, receiver: Receiver): Promise<Listener> {
  try {
    return await listenForStreams(endpoint, receiver);
  } catch (error) {
    if (errorCode(error) !== 'EADDRINUSE') throw error;
    if ((await removeStaleSocketFile(endpoint.path)) !== 'removed') throw error;
    return listenForStreams(endpoint, receiver);
  }
}

function portOf(server: Server): number {
  const address = server.address();
  return address === null || typeof address === 'string' ? 0 : address.port;
}
