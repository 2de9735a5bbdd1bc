// A server for stream transports that keeps what it read, line by line, and misbehaves on request.
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { onTestFinished } from 'vitest';
import { skipWithout, skipWithoutAddress } from '../platform.js';

/**
 * What to do with a connection instead of reading it to its end and closing; `index` counts from 0. Nothing is
 * read from a connection that is not resumed.
 */
export type ConnectionHandler = (socket: Socket, index: number) => void;

/** Node reads some 128 KiB ahead of a `pause()` unless the connection is paused from the start. */
const unread = { pauseOnConnect: true };

export class StreamServer {
  /** Complete lines of all connections, in the order they were read. */
  readonly lines: string[] = [];
  /** What connections ended with that was no complete line. */
  readonly cutLines: string[] = [];
  connections = 0;
  onConnection: ConnectionHandler;
  readonly #open = new Set<Socket>();
  readonly #create: (listener: (socket: Socket) => void) => Server;
  #server: Server | undefined;
  #waiting: (() => void)[] = [];

  constructor(
    onConnection: ConnectionHandler | undefined,
    create: (listener: (socket: Socket) => void) => Server,
  ) {
    this.onConnection = onConnection ?? ((socket) => this.read(socket));
    this.#create = create;
  }

  async listen(at: { port: number; host: string } | { path: string }): Promise<Server> {
    const server = this.#create((socket) => this.#accept(socket));
    this.#server = server;
    server.listen(at);
    await once(server, 'listening');
    return server;
  }

  /** Stops listening and breaks every connection. */
  async stop(): Promise<void> {
    const stopped = this.stopListening();
    for (const socket of this.#open) socket.destroy();
    await stopped;
  }

  /** Stops listening; resolves when the open connections, which are read on, have ended. */
  async stopListening(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server === undefined) return;
    const closed = once(server, 'close');
    server.close();
    await closed;
  }

  /** Keeps the lines that come; the connection is closed after the client's FIN, as Node does by itself. */
  read(socket: Socket): void {
    let rest = '';
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      this.#received(lines);
    });
    socket.on('close', () => {
      if (rest !== '') this.cutLines.push(rest);
    });
    socket.resume();
  }

  /** As `read()`, of payloads that each follow their length, a 32-bit little-endian number. */
  readFrames(socket: Socket): void {
    let rest = Buffer.alloc(0);
    socket.on('data', (bytes: Buffer) => {
      rest = Buffer.concat([rest, bytes]);
      while (rest.length >= 4 && rest.length >= 4 + rest.readUInt32LE()) {
        const end = 4 + rest.readUInt32LE();
        const lines = rest.toString('utf8', 4, end).split('\n');
        // Payloads end in a newline like all others.
        if (lines.pop() !== '') this.cutLines.push(rest.toString('utf8', 4, end));
        this.#received(lines);
        rest = rest.subarray(end);
      }
    });
    socket.on('close', () => {
      if (rest.length > 0) this.cutLines.push(rest.toString());
    });
    socket.resume();
  }

  /** Resolves once that many lines have been read. */
  async gotLines(count: number): Promise<string[]> {
    await this.#until(() => this.lines.length >= count);
    return this.lines;
  }

  /** Resolves once that many connections have been accepted. */
  async gotConnections(count: number): Promise<void> {
    await this.#until(() => this.connections >= count);
  }

  /** Resolves once that many connections are gone. */
  async gotEnd(count: number): Promise<void> {
    await this.#until(() => this.connections - this.#open.size >= count);
  }

  async #until(isSo: () => boolean): Promise<void> {
    while (!isSo()) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  #received(lines: readonly string[]): void {
    for (const line of lines) this.lines.push(line);
    this.#changed();
  }

  #changed(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }

  #accept(socket: Socket): void {
    const index = this.connections;
    this.connections += 1;
    this.#open.add(socket);
    socket.on('error', () => {});
    this.onConnection(socket, index);
    socket.on('close', () => {
      this.#open.delete(socket);
      this.#changed();
    });
    this.#changed();
  }
}

/** A server that can listen again where it listened before. */
export interface RestartableServer extends StreamServer {
  restart(): Promise<void>;
}

export interface TcpServer extends RestartableServer {
  readonly port: number;
}

/** Listens until the test ends, on a free port of 127.0.0.1 unless another is named. */
export function startTcpServer(
  onConnection?: ConnectionHandler,
  at = 0,
  host = '127.0.0.1',
): Promise<TcpServer> {
  return listenOnPort(new StreamServer(onConnection, (listener) => createServer(unread, listener)), at, host);
}

const pem = (name: string): Buffer => readFileSync(new URL(`../tls/${name}.pem`, import.meta.url));

/** Of a self-signed certificate for statsd.test, localhost and 127.0.0.1. */
export const certificate = pem('cert');

/** As `startTcpServer()`, but with TLS. */
export function startTlsServer(onConnection?: ConnectionHandler, at = 0): Promise<TcpServer> {
  const options = { key: pem('key'), cert: certificate };
  return listenOnPort(
    new StreamServer(onConnection, (listener) => {
      const server = createTlsServer(options, listener);
      // A client that goes away in the middle of a handshake.
      server.on('connection', (socket) => socket.on('error', () => {}));
      return server;
    }),
    at,
  );
}

async function listenOnPort(server: StreamServer, at: number, host = '127.0.0.1'): Promise<TcpServer> {
  skipWithoutAddress(host);
  const listening = await server.listen({ port: at, host });
  onTestFinished(() => server.stop());
  const port = portOf(listening);
  return Object.assign(server, {
    port,
    restart: async () => {
      await server.listen({ port, host });
    },
  });
}

export interface UnixServer extends RestartableServer {
  readonly path: string;
}

/** Listens on a socket file until the test ends, in a new folder unless a path is given. */
export async function startUnixServer(
  onConnection?: ConnectionHandler,
  path = temporarySocketPath(),
): Promise<UnixServer> {
  const server = new StreamServer(onConnection, (listener) => createServer(unread, listener));
  await server.listen({ path });
  onTestFinished(() => server.stop());
  return Object.assign(server, {
    path,
    restart: async () => {
      await server.listen({ path });
    },
  });
}

/** In a folder that is removed when the test ends. */
export function temporarySocketPath(): string {
  skipWithout('socket files');
  const folder = mkdtempSync(join(tmpdir(), 'statsd-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'statsd.sock');
}

/** A port of 127.0.0.1 on which nothing listens. */
export async function unusedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const port = portOf(server);
  server.close();
  await once(server, 'close');
  return port;
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a port');
  return address.port;
}
