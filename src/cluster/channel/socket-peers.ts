// Other processes of this machine, on a unix socket that the aggregator listens on.

import { createServer, type Server, type Socket } from 'node:net';
import { withoutTracing } from '../../exporter/without-tracing.js';
import { backoffMillis } from '../../runtime/backoff.js';
import { type Clock, systemClock, type Timer } from '../../runtime/clock.js';
import { removeStaleSocketFile } from '../../runtime/socket-file.js';
import type { BatchReceiver, Peer } from '../aggregator/batch-receiver.js';
import { encodeLine, LineDecoder } from './ndjson.js';

export interface SocketListenerOptions {
  readonly path: string;
  readonly inbox: BatchReceiver;
  readonly log: (message: string) => void;
}

/** Listens as soon as the path is free, and goes on trying while it is not. */
export class SocketListener {
  readonly #options: SocketListenerOptions;
  readonly #clock: Clock;
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;
  #retry: Timer | undefined;
  #failures = 0;
  #isClosed = false;

  constructor(options: SocketListenerOptions, clock: Clock = systemClock) {
    this.#options = options;
    this.#clock = clock;
    this.#listen();
  }

  close(): void {
    this.#isClosed = true;
    this.#retry?.cancel();
    this.#server?.close();
    // Acknowledgements on their way still go out.
    for (const socket of this.#sockets) socket.end();
  }

  #listen(): void {
    const server = withoutTracing(() => createServer((socket) => this.#serve(socket)));
    this.#server = server;
    server.unref();
    server.on('listening', () => {
      this.#failures = 0;
    });
    server.on('error', (error: NodeJS.ErrnoException) => this.#failed(error));
    withoutTracing(() => server.listen({ path: this.#options.path }));
  }

  #failed(error: NodeJS.ErrnoException): void {
    if (this.#isClosed) return;
    const { path, log } = this.#options;
    if (error.code !== 'EADDRINUSE') return this.#tryLater(error.message);
    void withoutTracing(() => removeStaleSocketFile(path)).then((result) => {
      if (this.#isClosed) return;
      if (result === 'in-use') return this.#tryLater(`${path} belongs to another process that listens there`);
      if (result === 'not-removable') return this.#tryLater(`${path} is not a socket, or cannot be removed`);
      log(`${path} was left behind by a process that is gone; it is removed`);
      this.#failures += 1;
      this.#listen();
    });
  }

  #tryLater(reason: string): void {
    if (this.#failures <= 1) this.#options.log(`workers can not connect yet: ${reason}`);
    this.#failures += 1;
    this.#retry = this.#clock.after(backoffMillis(this.#failures, Math.random), () => {
      if (!this.#isClosed) this.#listen();
    });
  }

  #serve(socket: Socket): void {
    const { inbox } = this.#options;
    socket.unref();
    this.#sockets.add(socket);
    const decoder = new LineDecoder();
    const peer: Peer = {
      send(message) {
        if (socket.writable) socket.write(encodeLine(message));
      },
    };
    socket.on('data', (chunk) => {
      try {
        for (const message of decoder.decode(chunk)) inbox.receive(peer, message);
      } catch {
        socket.destroy();
      }
    });
    // 'close' follows.
    socket.on('error', () => {});
    socket.on('close', () => {
      this.#sockets.delete(socket);
      inbox.leave(peer);
    });
    inbox.join(peer);
  }
}
