// The aggregator's unix socket for other processes of this machine.

import { chmodSync, chownSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { isMainThread } from 'node:worker_threads';
import { withoutTracing } from '../../exporter/without-tracing.js';
import { backoffMillis } from '../../runtime/backoff.js';
import { type Clock, systemClock, type Timer } from '../../runtime/clock.js';
import { removeStaleSocketFile } from '../../runtime/socket-file.js';
import { isNamedPipe } from '../../runtime/socket-path.js';
import type { BatchReceiver } from '../aggregator/batch-receiver.js';
import { CONNECTION_LIMITS, type ConnectionLimits, SocketConnections } from './socket-connections.js';

export interface SocketListenerOptions {
  readonly path: string;
  /** The id of a group whose members may connect, besides the user of this process. */
  readonly group?: number | undefined;
  readonly receiver: BatchReceiver;
  readonly log: (message: string) => void;
  readonly limits?: ConnectionLimits;
}

const OWNER_ONLY = 0o600;
const OWNER_AND_GROUP = 0o660;
/** As the user id for chown(2). */
const UNCHANGED = -1;

/** Listens on the path, and retries while another process uses it. */
export class SocketListener {
  readonly #options: SocketListenerOptions;
  readonly #clock: Clock;
  readonly #connections: SocketConnections;
  readonly #maxConnections: number;
  #server: Server;
  #retry: Timer | undefined;
  #failures = 0;
  #isClosed = false;

  constructor(options: SocketListenerOptions, clock: Clock = systemClock) {
    this.#options = options;
    this.#clock = clock;
    const limits = options.limits ?? CONNECTION_LIMITS;
    this.#maxConnections = limits.connections;
    this.#connections = new SocketConnections(options.receiver, limits, clock);
    this.#server = this.#listen();
  }

  close(): void {
    this.#isClosed = true;
    this.#retry?.cancel();
    this.#server.close();
    this.#connections.close();
  }

  #listen(): Server {
    const { path, receiver } = this.#options;
    const server = withoutTracing(() => createServer((socket) => this.#connections.add(socket)));
    server.unref();
    server.maxConnections = this.#maxConnections;
    server.on('drop', () => receiver.refuse(`there are more than ${this.#maxConnections} connections`));
    server.on('error', (error: NodeJS.ErrnoException) => {
      // Of one accept, on some systems; the server goes on listening.
      if (server.listening) receiver.refuse(`a connection cannot be accepted: ${error.message}`);
      else this.#failed(error);
    });
    // `exclusive`: a worker of node:cluster would otherwise get a socket of its primary.
    withOwnerOnlyUmask(() => withoutTracing(() => server.listen({ path, exclusive: true })));
    if (server.listening) this.#setAccess(server);
    return server;
  }

  /**
   * At once, before any other process gets to run code between. On Windows only the creator of a named pipe and
   * administrators may write to it (CreateNamedPipe, without a security descriptor).
   */
  #setAccess(server: Server): void {
    const { path, group } = this.#options;
    if (isNamedPipe(path)) return;
    try {
      if (group !== undefined) chownSync(path, UNCHANGED, group);
      chmodSync(path, group === undefined ? OWNER_ONLY : OWNER_AND_GROUP);
    } catch (error) {
      server.close();
      this.#retryLater(
        `the access to ${path} cannot be set: ${error instanceof Error ? error.message : error}`,
      );
    }
  }

  #failed(error: NodeJS.ErrnoException): void {
    if (this.#isClosed) return;
    const { path, log } = this.#options;
    if (error.code !== 'EADDRINUSE') return this.#retryLater(error.message);
    void withoutTracing(() => removeStaleSocketFile(path)).then((result) => {
      if (this.#isClosed) return;
      if (result === 'in-use') return this.#retryLater(`another process listens on ${path}`);
      if (result === 'not-removable')
        return this.#retryLater(`${path} is not a socket, or cannot be removed`);
      log(`removed ${path}, the socket of a process that has ended`);
      this.#server = this.#listen();
    });
  }

  #retryLater(reason: string): void {
    if (this.#failures <= 1) this.#options.log(`workers cannot connect yet: ${reason}`);
    this.#failures += 1;
    this.#retry = this.#clock.after(backoffMillis(this.#failures, Math.random), () => {
      this.#server = this.#listen();
    });
  }
}

/**
 * Binding a socket creates its file with the mode that the umask leaves, and other users could connect before chmod().
 * Node allows to change the umask in the main thread only.
 */
function withOwnerOnlyUmask(bind: () => void): void {
  if (!isMainThread) return bind();
  const umask = process.umask(0o777 & ~OWNER_ONLY);
  try {
    bind();
  } finally {
    process.umask(umask);
  }
}
