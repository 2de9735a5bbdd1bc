// A server for stream transports that keeps what it read, line by line, and misbehaves on request.
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** What to do with a connection instead of reading it to its end and closing; `index` counts from 0. */
export type ConnectionHandler = (socket: Socket, index: number) => void;

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
    const server = this.#server;
    this.#server = undefined;
    if (server === undefined) return;
    const closed = once(server, 'close');
    server.close();
    for (const socket of this.#open) socket.destroy();
    await closed;
  }

  /** Keeps the lines that come; the connection is closed after the client's FIN, as Node does by itself. */
  read(socket: Socket): void {
    let rest = '';
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      this.lines.push(...lines);
      this.#changed();
    });
    socket.on('close', () => {
      if (rest !== '') this.cutLines.push(rest);
    });
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

  async #until(isSo: () => boolean): Promise<void> {
    while (!isSo()) await new Promise<void>((resolve) => this.#waiting.push(resolve));
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
    socket.on('close', () => this.#open.delete(socket));
    this.onConnection(socket, index);
    this.#changed();
  }
}

export interface TcpServer extends StreamServer {
  readonly port: number;
  /** Listens again on the same port. */
  restart(): Promise<void>;
}

/** Listens on 127.0.0.1 until the test ends, on a free port unless one is named. */
export async function startTcpServer(onConnection?: ConnectionHandler, at = 0): Promise<TcpServer> {
  const server = new StreamServer(onConnection, (listener) => createServer(listener));
  const listening = await server.listen({ port: at, host: '127.0.0.1' });
  onTestFinished(() => server.stop());
  const address = listening.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a port');
  const { port } = address;
  return Object.assign(server, {
    port,
    restart: async () => {
      await server.listen({ port, host: '127.0.0.1' });
    },
  });
}

/** A port of 127.0.0.1 on which nothing listens. */
export async function unusedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a port');
  server.close();
  await once(server, 'close');
  return address.port;
}
