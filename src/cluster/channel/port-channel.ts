// The channel between threads: a separate MessagePort. `parentPort` belongs to the app, and Node does not tell when the
// app starts to listen there. A listener of ours would therefore either keep the thread alive or end it too early, so we
// pass a port of our own through `parentPort`.

import { MessageChannel, type MessagePort, parentPort } from 'node:worker_threads';
import { queueMicrotask } from '../../runtime/timers.js';
import { portOffer } from '../protocol/messages.js';
import type { Channel, ChannelEvents, OpenChannel } from './channel.js';

/** `shared`: the port to the parent thread. */
export function openPortChannel(port: MessagePort, shared: MessagePort | null = parentPort): OpenChannel {
  return (events) => (port === shared ? new OfferedPortChannel(port, events) : new PortChannel(port, events));
}

class PortChannel implements Channel {
  readonly #port: MessagePort;
  readonly #release: () => void;
  #isOpen = true;

  constructor(port: MessagePort, events: ChannelEvents) {
    this.#port = port;
    this.#release = listenToPort(port, {
      onMessage: (message) => events.onMessage(message),
      onClose: () => {
        this.close();
        events.onClose(true);
      },
    });
    queueMicrotask(() => {
      if (this.#isOpen) events.onOpen();
    });
  }

  send(message: object, onWritten: () => void): void {
    postTo(this.#port, message);
    onWritten();
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#release();
  }
}

type State =
  /** The last offered port, which has not been answered yet. */
  | { readonly kind: 'offered'; readonly port: MessagePort | undefined }
  | { readonly kind: 'connected'; readonly port: MessagePort }
  | { readonly kind: 'closed' };

/** Until the first answer, each message comes with a new port: the parent may not have listened when the last came. */
class OfferedPortChannel implements Channel {
  readonly #shared: MessagePort;
  readonly #events: ChannelEvents;
  #state: State = { kind: 'offered', port: undefined };

  constructor(shared: MessagePort, events: ChannelEvents) {
    this.#shared = shared;
    this.#events = events;
    queueMicrotask(() => {
      if (this.#state.kind !== 'closed') events.onOpen();
    });
  }

  send(message: object, onWritten: () => void): void {
    const state = this.#state;
    if (state.kind === 'offered') postTo(this.#offerPort(state.port), message);
    if (state.kind === 'connected') postTo(state.port, message);
    onWritten();
  }

  close(): void {
    const state = this.#state;
    this.#state = { kind: 'closed' };
    if (state.kind !== 'closed') state.port?.close();
  }

  #offerPort(old: MessagePort | undefined): MessagePort {
    const { port1: port, port2: remotePort } = new MessageChannel();
    this.#state = { kind: 'offered', port };
    old?.close();
    listenToPort(port, {
      onMessage: (message) => {
        if (this.#state.kind === 'closed' || this.#state.port !== port) return;
        this.#state = { kind: 'connected', port };
        this.#events.onMessage(message);
      },
      onClose: () => {
        if (this.#state.kind !== 'connected' || this.#state.port !== port) return;
        this.#state = { kind: 'closed' };
        this.#events.onClose(true);
      },
    });
    postTo(this.#shared, portOffer(remotePort), [remotePort]);
    return port;
  }
}

/** Does nothing when the port is closed. */
export function postTo(
  port: { postMessage(message: object, transfer: readonly MessagePort[]): void },
  message: object,
  transfer: readonly MessagePort[] = [],
): void {
  try {
    port.postMessage(message, transfer);
  } catch {
    // The message cannot be cloned; ours always can.
  }
}

export interface PortEvents {
  onMessage(message: unknown): void;
  onClose(): void;
}

/**
 * Listens without keeping the thread alive, unless the port had a listener before. Returns the function that stops.
 * By the methods of the web's MessagePort: on Deno, a port from another thread has no others, nor `listenerCount`.
 */
export function listenToPort(port: MessagePort, { onMessage, onClose }: PortEvents): () => void {
  const hasListener = 'listenerCount' in port && port.listenerCount('message') > 0;
  const onMessageEvent = (event: Event): void => onMessage((event as MessageEvent).data);
  port.addEventListener('message', onMessageEvent);
  port.addEventListener('close', onClose);
  port.start();
  // Node refs the port at its first listener and unrefs it when the last is removed.
  if (!hasListener) port.unref();
  return () => {
    port.removeEventListener('message', onMessageEvent);
    port.removeEventListener('close', onClose);
  };
}
