// The receiving end: a socket that turns what clients send into lines, for tests and for people who want to see lines. It
// never answers, and closes a connection when the client has closed it, as StatsD servers do.

import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, isIP, type Server, type Socket } from 'node:net';
import { errorCode } from '../runtime/error-code.js';
import { removeStaleSocketFile } from '../runtime/socket-file.js';
import type { Endpoint, HostEndpoint, PathEndpoint } from '../transport/endpoint/endpoint.js';
import { ENDPOINT_PROTOCOLS, PROTOCOLS } from '../transport/endpoint/protocols.js';
import type { Framing } from '../transport/packing/framing.js';
import {
  FrameReader,
  type LineEvents,
  type LineReader,
  NewlineReader,
  type ReaderLimits,
  readDatagram,
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
}

export interface Listener {
  /** Where it listens, with the port that was taken. */
  readonly endpoint: Endpoint;
  counts(): ListenerCounts;
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

/** Rejects with the system's error when the endpoint cannot be listened on. */
export async function listen({
  endpoint,
  framing = 'newline',
  onLine,
  onPayload,
  maxLineBytes = MAX_LINE_BYTES,
}: ListenerOptions): Promise<Listener> {
  const counter: Counter = {
    lines: 0,
    bytes: 0,
    datagrams: 0,
    connections: 0,
    cutLines: 0,
    oversizedLines: 0,
    discardedLines: 0,
    refusedConnections: 0,
  };
  const events: LineEvents = {
    onLine: (line) => {
      counter.lines += 1;
      onLine(line);
    },
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
  if ('path' in endpoint) return listenOnPath(endpoint, counter, createReader);
  if (kind === 'datagram') return listenForDatagrams(endpoint, counter, events);
  return listenForStreams(endpoint, counter, createReader);
}

async function listenForDatagrams(
  endpoint: HostEndpoint,
  counter: Counter,
  events: LineEvents,
): Promise<Listener> {
  const type = isIP(endpoint.host) === 6 ? 'udp6' : 'udp4';
  const socket = createSocket({ type, recvBufferSize: RECEIVE_BUFFER_BYTES });
  socket.on('message', (bytes) => {
    counter.datagrams += 1;
    counter.bytes += bytes.length;
    readDatagram(bytes, events);
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
    close: async () => {
      if (closed === undefined) {
        closed = once(socket, 'close');
        socket.close();
      }
      await closed;
    },
  };
}

type CreateReader = (abort: () => void) => LineReader;

async function listenForStreams(
  endpoint: HostEndpoint | PathEndpoint,
  counter: Counter,
  createReader: CreateReader,
): Promise<Listener> {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    counter.connections += 1;
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    receive(socket, counter, createReader);
  });
  server.maxConnections = MAX_CONNECTIONS;
  server.on('drop', () => {
    counter.refusedConnections += 1;
  });
  server.listen('path' in endpoint ? { path: endpoint.path } : { port: endpoint.port, host: endpoint.host });
  await once(server, 'listening');
  // An error of one accept does not end the listener.
  server.on('error', () => {});
  let closed: Promise<unknown> | undefined;
  return {
    endpoint: 'path' in endpoint ? endpoint : { ...endpoint, port: portOf(server) },
    counts: () => ({ ...counter }),
    close: async () => {
      if (closed === undefined) {
        closed = once(server, 'close');
        server.close();
        for (const socket of open) socket.destroy();
      }
      await closed;
    },
  };
}

function receive(socket: Socket, counter: Counter, createReader: CreateReader): void {
  const reader = createReader(() => socket.destroy());
  socket.on('data', (bytes: Buffer) => {
    counter.bytes += bytes.length;
    reader.read(bytes);
  });
  // 'close' follows an error, as it follows an end.
  socket.on('error', () => {});
  socket.on('close', () => reader.end());
}

/** Replaces the socket file that a killed server left behind. */
async function listenOnPath(
  endpoint: PathEndpoint,
  counter: Counter,
  createReader: CreateReader,
): Promise<Listener> {
  try {
    return await listenForStreams(endpoint, counter, createReader);
  } catch (error) {
    if (errorCode(error) !== 'EADDRINUSE') throw error;
    if ((await removeStaleSocketFile(endpoint.path)) !== 'removed') throw error;
    return listenForStreams(endpoint, counter, createReader);
  }
}

function portOf(server: Server): number {
  const address = server.address();
  return address === null || typeof address === 'string' ? 0 : address.port;
}
