// A unix socket to an aggregator in another process of this machine. Reconnects whenever the connection breaks.

import { connect, type Socket } from 'node:net';
import { withoutTracing } from '../../exporter/without-tracing.js';
import { backoffMillis, pathBackoffCapMillis } from '../../runtime/backoff.js';
import { type Clock, systemClock, type Timer } from '../../runtime/clock.js';
import type { Channel, ChannelEvents, OpenChannel } from './channel.js';
import { encodeLine, LineDecoder } from './ndjson.js';

export function openSocketChannel(
  path: string,
  clock: Clock = systemClock,
  random: () => number = Math.random,
): OpenChannel {
  return (events) => new SocketChannel(path, events, clock, random);
}

type State =
  | { readonly kind: 'connecting'; readonly socket: Socket }
  | { readonly kind: 'open'; readonly socket: Socket }
  | { readonly kind: 'backingOff'; readonly timer: Timer }
  | { readonly kind: 'closed' };

class SocketChannel implements Channel {
  readonly #path: string;
  readonly #events: ChannelEvents;
  readonly #clock: Clock;
  readonly #random: () => number;
  #failures = 0;
  #state: State;

  constructor(path: string, events: ChannelEvents, clock: Clock, random: () => number) {
    this.#path = path;
    this.#events = events;
    this.#clock = clock;
    this.#random = random;
    this.#state = this.#connect();
  }

  send(message: object, onWritten: () => void): void {
    if (this.#state.kind !== 'open') return onWritten();
    this.#state.socket.write(encodeLine(message), () => onWritten());
  }

  close(): void {
    const state = this.#state;
    this.#state = { kind: 'closed' };
    if (state.kind === 'backingOff') state.timer.cancel();
    if (state.kind === 'connecting') state.socket.destroy();
    // Sends what was written before the connection closes; the process does not wait for it.
    if (state.kind === 'open') state.socket.end();
  }

  #connect(): State {
    const socket = withoutTracing(() => connect({ path: this.#path }));
    socket.unref();
    const decoder = new LineDecoder();
    let cause = '';
    socket.on('connect', () => {
      if (this.#state.kind !== 'connecting') return;
      this.#state = { kind: 'open', socket };
      this.#events.onOpen();
    });
    socket.on('data', (chunk) => {
      try {
        for (const message of decoder.decode(chunk)) {
          // A connection alone proves nothing; only a message shows that an aggregator listens.
          this.#failures = 0;
          if (this.#state.kind === 'open') this.#events.onMessage(message);
        }
      } catch {
        socket.destroy();
      }
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      cause = error.code ?? '';
    });
    socket.on('close', () => this.#onClose(cause));
    return { kind: 'connecting', socket };
  }

  #onClose(cause: string): void {
    const state = this.#state;
    if (state.kind === 'closed') return;
    const delay = backoffMillis(this.#failures, this.#random, {
      capMillis: pathBackoffCapMillis(cause || 'ECONNREFUSED'),
    });
    this.#failures += 1;
    const timer = this.#clock.after(delay, () => {
      this.#state = this.#connect();
    });
    this.#state = { kind: 'backingOff', timer };
    if (state.kind === 'open') this.#events.onClose(false);
  }
}
