import type { Dialect } from '../mapping/dialects/dialect.js';
import { type DialectName, dialectOf } from '../mapping/dialects/index.js';
import { Receiver } from './received.js';

/**
 * Receives an exporter's lines without a socket:
 *
 * ```ts
 * const memory = new InMemorySink();
 * const exporter = new StatsdExporter({ lines: memory.sink });
 * // record, then await reader.forceFlush()
 * expect(memory.totals().counters).toEqual({ 'orders.country.fi': 1 });
 * ```
 *
 * Name another dialect in both places: `new InMemorySink({ dialect: 'dogstatsd' })` and
 * `new StatsdExporter({ dialect: 'dogstatsd', lines: memory.sink })`.
 */
export class InMemorySink extends Receiver {
  /** @param options.dialect a name or a record; default `statsd` */
  constructor({ dialect = 'statsd' }: { readonly dialect?: DialectName | Dialect | undefined } = {}) {
    super(dialectOf(dialect));
  }

  /** The exporter's option `lines`. */
  readonly sink = (lines: readonly string[]): void => {
    for (const line of lines) this.add(line);
  };
}
