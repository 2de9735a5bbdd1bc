// Between threads: a MessagePort of our own. `parentPort` belongs to the app, and Node tells nobody when the app begins
// to listen there, so that our listener could not help holding the thread, or letting go of it; a port of our own is
// passed through it instead.

import { MessageChannel, type MessagePort, parentPort } from 'node:worker_threads';
import { portOffer } from '../protocol/messages.js';
import type { Channel, ChannelEvents, OpenChannel } from './channel.js';

/** `shared`: the port to the thread that started this one. */
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

  send(message: object, written: () => void): void {
    postTo(this.#port, message);
    written();
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#release();
  }
}

type Offer =
  /** Nobody has spoken through a port of ours yet. */
  | { readonly kind: 'unheard'; readonly port: MessagePort | undefined }
  | { readonly kind: 'heard'; readonly port: MessagePort }
  | { readonly kind: 'closed' };

/** What is sent before anybody was heard comes with a new port: the last one may have met no listener. */
class OfferedPortChannel implements Channel {
  readonly #shared: MessagePort;
  readonly #events: ChannelEvents;
  #offer: Offer = { kind: 'unheard', port: undefined };

  constructor(shared: MessagePort, events: ChannelEvents) {
    this.#shared = shared;
    this.#events = events;
    queueMicrotask(() => {
      if (this.#offer.kind !== 'closed') events.onOpen();
    });
  }

  send(message: object, written: () => void): void {
    const offer = this.#offer;
    if (offer.kind === 'unheard') postTo(this.#renew(offer.port), message);
    if (offer.kind === 'heard') postTo(offer.port, message);
    written();
  }

  close(): void {
    const offer = this.#offer;
    this.#offer = { kind: 'closed' };
    if (offer.kind !== 'closed') offer.port?.close();
  }

  #renew(old: MessagePort | undefined): MessagePort {
    const { port1: port, port2: theirs } = new MessageChannel();
    this.#offer = { kind: 'unheard', port };
    old?.close();
    listenToPort(port, {
      onMessage: (message) => {
        if (this.#offer.kind === 'closed' || this.#offer.port !== port) return;
        this.#offer = { kind: 'heard', port };
        this.#events.onMessage(message);
      },
      onClose: () => {
        if (this.#offer.kind !== 'heard' || this.#offer.port !== port) return;
        this.#offer = { kind: 'closed' };
        this.#events.onClose(true);
      },
    });
    postTo(this.#shared, portOffer(theirs), [theirs]);
    return port;
  }
}

/** To a closed port nothing is sent, without a word. */
export function postTo(
  port: { postMessage(message: object, transfer: readonly MessagePort[]): void },
  message: object,
  transfer: readonly MessagePort[] = [],
): void {
  try {
    port.postMessage(message, transfer);
  } catch {
    // Not to be cloned: then it was no message of ours.
  }
}

export interface PortEvents {
  onMessage(message: unknown): void;
  onClose(): void;
}

/** Listens without holding the thread, unless somebody else listened there before. Answers how to stop. */
export function listenToPort(port: MessagePort, { onMessage, onClose }: PortEvents): () => void {
  port.on('message', onMessage);
  port.on('close', onClose);
  // Node holds the thread for the first listener, and lets go with the last.
  if (port.listenerCount('message') === 1) port.unref();
  return () => {
    port.off('message', onMessage);
    port.off('close', onClose);
  };
}
