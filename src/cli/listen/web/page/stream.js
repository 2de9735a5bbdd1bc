// The connection to the command: server-sent events, opened again until it is there.

import { address } from './text.js';

/**
 * What messages.ts and series-changes.ts write.
 * @typedef {{ run: string, endpoint: string, dialect: string, waysToSend: { text: string, commands: string[] }[] }} Hello
 * @typedef {{ counts: string[], isHealthy: boolean, forward?: { text: string, isFailing: boolean } }} Status
 * @typedef {{ line: string, isMalformed: boolean, problems: string[], times: number }} Issue
 * @typedef {[id: number, name: string, type: string, ...tags: string[]]} Added
 * @typedef {[id: number, rate: number, last: number | string, total: number, ...percentiles: number[]]} Row
 * @typedef {{ added: Added[], rows: Row[], status?: Status, issues?: Issue[] }} Update
 */

const RETRY_MILLIS = 1_000;

export class Stream {
  #handlers;
  /** @type {EventSource | undefined} */
  #source;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #retry;
  isPaused = false;

  /** @param {{ onHello(hello: Hello): void, onUpdate(update: Update): void, onState(state: 'live' | 'lost' | 'paused'): void }} handlers */
  constructor(handlers) {
    this.#handlers = handlers;
  }

  open() {
    const { onHello, onUpdate, onState } = this.#handlers;
    const source = new EventSource(address('events'));
    this.#source = source;
    source.addEventListener('hello', ({ data }) => {
      onState('live');
      onHello(JSON.parse(data));
    });
    source.addEventListener('update', ({ data }) => onUpdate(JSON.parse(data)));
    source.addEventListener('error', () => {
      // The browser gives up when the server answers with an error.
      source.close();
      onState('lost');
      this.#retry = setTimeout(() => this.open(), RETRY_MILLIS);
    });
  }

  /** What is shown stays as it is; the command does no work for this page. */
  pause() {
    this.isPaused = true;
    clearTimeout(this.#retry);
    this.#source?.close();
    this.#handlers.onState('paused');
  }

  resume() {
    this.isPaused = false;
    this.open();
  }
}
