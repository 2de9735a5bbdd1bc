import type { Dialect } from '../mapping/dialects/dialect.js';
import { dialectOf } from '../mapping/dialects/dialect-of.js';
import type { DialectName } from '../mapping/dialects/index.js';
import type { Sample } from '../mapping/lines/parse-line.js';
import { type MalformedLine, Received, type ReceivedMetrics } from './received.js';
import type { Totals } from './totals.js';

/**
 * Takes an exporter's lines without any socket:
 *
 * ```ts
 * const memory = new InMemorySink();
 * const exporter = new StatsdExporter({ lines: memory.sink });
 * // record, then await reader.forceFlush()
 * expect(memory.totals().counters).toEqual({ 'orders.country.fi': 1 });
 * ```
 *
 * With another dialect name it in both places: `new InMemorySink({ dialect: 'dogstatsd' })` and
 * `new StatsdExporter({ dialect: 'dogstatsd', lines: memory.sink })`.
 */
export class InMemorySink implements ReceivedMetrics {
  readonly #received: Received;

  /** @param options.dialect a name or a record; default `statsd` */
  constructor({ dialect = 'statsd' }: { readonly dialect?: DialectName | Dialect } = {}) {
    this.#received = new Received(dialectOf(dialect));
  }

  /** The exporter's option `lines`. */
  readonly sink = (lines: readonly string[]): void => {
    for (const line of lines) this.#received.add(line);
  };

  get dialect(): Dialect {
    return this.#received.dialect;
  }

  get lines(): readonly string[] {
    return this.#received.lines;
  }

  get samples(): readonly Sample[] {
    return this.#received.samples;
  }

  get malformedLines(): readonly MalformedLine[] {
    return this.#received.malformedLines;
  }

  totals(): Totals {
    return this.#received.totals();
  }

  clear(): void {
    this.#received.clear();
  }
}
