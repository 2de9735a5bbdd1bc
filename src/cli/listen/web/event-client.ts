// One page that is open: server-sent events, of which no more than one message is unsent at a time.

import type { ServerResponse } from 'node:http';
import type { TableState } from '../table-view.js';
import { helloMessage, issuesOf, statusOf } from './messages.js';
import { ChangeTracker } from './series-changes.js';

export class EventClient {
  readonly #response: ServerResponse;
  readonly #state: () => TableState;
  readonly #changes = new ChangeTracker();
  #status = '';
  #issuesVersion = -1;
  #isComplete = true;
  /** Since when a message is unsent. */
  #blockedAt: number | undefined;

  constructor(response: ServerResponse, state: () => TableState, run: string) {
    this.#response = response;
    this.#state = state;
    // A browser tries again by itself after this long; the page does so before.
    response.write(`retry: 3000\nevent: hello\ndata: ${helloMessage(state(), run)}\n\n`);
    response.on('drain', () => {
      this.#blockedAt = undefined;
      if (!this.#isComplete) this.update();
    });
    this.update();
  }

  /** Sends what has changed, unless the page has not read what it was sent before. */
  update(): void {
    if (this.#blockedAt !== undefined) return;
    const state = this.#state();
    const { session, nowMillis } = state;
    const { added, rows, isComplete } = this.#changes.take(session.table, nowMillis);
    this.#isComplete = isComplete;
    const parts = [`"added":${added}`, `"rows":${rows}`];
    const status = statusOf(state);
    if (status !== this.#status) parts.push(`"status":${status}`);
    if (session.issuesVersion !== this.#issuesVersion) parts.push(`"issues":${issuesOf(session.issues)}`);
    if (rows === '[]' && parts.length === 2) return;
    this.#status = status;
    this.#issuesVersion = session.issuesVersion;
    if (!this.#response.write(`event: update\ndata: {${parts.join(',')}}\n\n`)) this.#blockedAt = nowMillis;
  }

  /** How long the page has not read what it was sent. */
  blockedMillis(nowMillis: number): number {
    return this.#blockedAt === undefined ? 0 : nowMillis - this.#blockedAt;
  }

  close(): void {
    this.#response.destroy();
  }
}
