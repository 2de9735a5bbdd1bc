// The receiving end: a socket that turns what clients send into lines. For people who want to see lines and
// tests that want to check them; it answers nothing and closes a connection when the client has, as StatsD servers do.

import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { lstat, rm } from 'node:fs/promises';
import { connect, createServer, isIP, type Server, type Socket } from 'node:net';
import type { Endpoint, HostEndpoint, PathEndpoint } from '../transport/endpoint/endpoint.js';
import { errorCode } from '../transport/endpoint/resolver.js';
import type { Framing } from '../transport/options.js';
import {
  FrameReader,
  type LineEvents,
  type LineReader,
  NewlineReader,
  readDatagram,
} from './line-readers.js';

export interface ListenerOptions {
  /** `udp`, `tcp` or `unix`; port 0 takes any free one. */
  readonly endpoint: Endpoint;
  readonly framing?: Framing | undefined;
  readonly onLine: (line: string) => void;
}

export interface ListenerCounts {
  readonly lines: number;
  readonly bytes: number;
  readonly datagrams: number;
  readonly connections: number;
  /** Ends of connections in the middle of a line. */
  readonly cutLines: number;
  /** Lines or frames longer than what is kept of one. */
  readonly oversizedLines: number;
}

export interface Listener {
  /** Where it listens, with the port that was taken. */
  readonly endpoint: Endpoint;
  counts(): ListenerCounts;
  /** Stops listening and breaks open connections; idempotent. */
  close(): Promise<void>;
}

/** Longer than any line a StatsD server takes; statsite, the most patient, was seen to take 300,000 bytes. */
const MAX_LINE_BYTES = 2 ** 20;

/** Room for bursts while the event loop is busy; the operating system gives what it allows. */
const RECEIVE_BUFFER_BYTES = 4 * 2 ** 20;

type Counter = { -readonly [K in keyof ListenerCounts]: number };

/** Rejects with the system's error when the endpoint cannot be listened on. */
export function listen({ endpoint, framing = 'newline', onLine }: ListenerOptions): Promise<Listener> {
  const counter: Counter = {
    lines: 0,
    bytes: 0,
    datagrams: 0,
    connections: 0,
    cutLines: 0,
    oversizedLines: 0,
  };
  const events: LineEvents = {
    onLine: (line) => {
      counter.lines += 1;
      onLine(line);
    },
    onCut: () => {
      counter.cutLines += 1;
    },
    onOversized: () => {
      counter.oversizedLines += 1;
    },
  };
  switch (endpoint.protocol) {
    case 'udp':
      return listenForDatagrams(endpoint, counter, events);
    case 'tcp':
      return listenForStreams(endpoint, counter, (abort) => readerOf(framing, events, abort));
    case 'unix':
      return listenOnPath(endpoint, counter, (abort) => readerOf(framing, events, abort));
    default:
      return Promise.reject(
        new Error(`listening on ${endpoint.protocol} is not supported: use udp, tcp or unix`),
      );
  }
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
  // An error of one datagram is none of the listener's.
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

function readerOf(framing: Framing, events: LineEvents, abort: () => void): LineReader {
  return framing === 'newline'
    ? new NewlineReader(events, MAX_LINE_BYTES)
    : new FrameReader(events, MAX_LINE_BYTES, abort);
}

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
  server.listen('path' in endpoint ? { path: endpoint.path } : { port: endpoint.port, host: endpoint.host });
  await once(server, 'listening');
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
  // A client that breaks off has ended, too.
  socket.on('error', () => {});
  socket.on('close', () => reader.end());
}

/** A socket file that nobody serves any more is what a killed server leaves behind; it is replaced. */
async function listenOnPath(
  endpoint: PathEndpoint,
  counter: Counter,
  createReader: CreateReader,
): Promise<Listener> {
  try {
    return await listenForStreams(endpoint, counter, createReader);
  } catch (error) {
    if (errorCode(error) !== 'EADDRINUSE' || !(await isAbandoned(endpoint.path))) throw error;
    await rm(endpoint.path);
    return listenForStreams(endpoint, counter, createReader);
  }
}

/** Any other kind of file refuses connections, too, and is somebody's. */
async function isAbandoned(path: string): Promise<boolean> {
  if (!(await lstat(path)).isSocket()) return false;
  return new Promise((resolve) => {
    const socket = connect({ path });
    socket.once('connect', () => {
      socket.destroy();
      resolve(false);
    });
    socket.once('error', (error) => resolve(errorCode(error) === 'ECONNREFUSED'));
  });
}

function portOf(server: Server): number {
  const address = server.address();
  return address === null || typeof address === 'string' ? 0 : address.port;
}
