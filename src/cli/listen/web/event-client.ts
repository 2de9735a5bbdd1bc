// One page that is open: server-sent events, of which no more than one message is unsent at a time.

import type { ServerResponse } from 'node:http';
import type { Clock } from '../../../runtime/clock.js';
import type { Session } from '../session.js';
import type { TableState } from '../table-view.js';
import { helloMessage, statusOf } from './messages.js';
import { ChangeTracker } from './series-changes.js';

/** What all pages show. */
export interface EventSource {
  readonly state: () => TableState;
  /** JSON of the issues. */
  readonly issuesOf: (session: Session) => string;
  readonly clock: Clock;
  /** Of this run of the command. */
  readonly run: string;
}

/** Of work for one message: the percentiles of thousands of timers take a second. */
const MESSAGE_MILLIS = 5;

export class EventClient {
  readonly #response: ServerResponse;
  readonly #source: EventSource;
  readonly #changes = new ChangeTracker();
  #status = '';
  #issuesVersion = -1;
  #isComplete = true;
  /** Since when a message is unsent. */
  #blockedAt: number | undefined;

  constructor(response: ServerResponse, source: EventSource) {
    this.#response = response;
    this.#source = source;
    // A browser tries again by itself after this long; the page does so before.
    response.write(`retry: 3000\nevent: hello\ndata: ${helloMessage(source.state(), source.run)}\n\n`);
    response.on('drain', () => {
      this.#blockedAt = undefined;
    });
    this.update();
  }

  /** The last message had no room or time for all that has changed. */
  get hasMore(): boolean {
    return !this.#isComplete;
  }

  /** Sends what has changed, unless the page has not read what it was sent before. */
  update(): void {
    if (this.#blockedAt !== undefined) return;
    const { clock, issuesOf } = this.#source;
    const state = this.#source.state();
    const { session, nowMillis } = state;
    const hasTime = (): boolean => clock.now() - nowMillis < MESSAGE_MILLIS;
    const { added, rows, isComplete } = this.#changes.take(session.table, nowMillis, hasTime);
    this.#isComplete = isComplete;
    const parts = [`"added":${added}`, `"rows":${rows}`];
    const status = statusOf(state);
    if (status !== this.#status) parts.push(`"status":${status}`);
    if (session.issuesVersion !== this.#issuesVersion) parts.push(`"issues":${issuesOf(session)}`);
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
