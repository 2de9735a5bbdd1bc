// Emits one event when delivery starts to fail and one when it works again, however many attempts fail in between.

import type { Clock } from '../../runtime/clock.js';
import type { TransportEvent } from '../transport.js';

export class OutageReporter {
  readonly #clock: Clock;
  readonly #onEvent: (event: TransportEvent) => void;
  #startedAt: number | undefined;

  constructor(clock: Clock, onEvent: (event: TransportEvent) => void) {
    this.#clock = clock;
    this.#onEvent = onEvent;
  }

  failed(cause: string): void {
    if (this.#startedAt !== undefined) return;
    this.#startedAt = this.#clock.now();
    this.#onEvent({ kind: 'outage', cause });
  }

  succeeded(): void {
    if (this.#startedAt === undefined) return;
    const outageMillis = this.#clock.now() - this.#startedAt;
    this.#startedAt = undefined;
    this.#onEvent({ kind: 'recovered', outageMillis });
  }
}
