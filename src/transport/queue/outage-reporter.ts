// One event when delivery stops working, one when it works again, whatever happens in between.

import type { Clock } from '../../runtime/clock.js';
import type { TransportEvent } from '../transport.js';

export class OutageReporter {
  readonly #clock: Clock;
  readonly #onEvent: (event: TransportEvent) => void;
  #since: number | undefined;

  constructor(clock: Clock, onEvent: (event: TransportEvent) => void) {
    this.#clock = clock;
    this.#onEvent = onEvent;
  }

  failed(cause: string): void {
    if (this.#since !== undefined) return;
    this.#since = this.#clock.now();
    this.#onEvent({ kind: 'outage', cause });
  }

  succeeded(): void {
    if (this.#since === undefined) return;
    const outageMillis = this.#clock.now() - this.#since;
    this.#since = undefined;
    this.#onEvent({ kind: 'recovered', outageMillis });
  }
}
