import type { Dialect } from '../mapping/dialects/dialect.js';
import { type DialectName, dialectOf } from '../mapping/dialects/index.js';
import { Receiver } from './received.js';

export interface InMemorySinkOptions {
  /** The rules that lines are read by: a name or a record. Default `statsd`. */
  readonly dialect?: DialectName | Dialect | undefined;
  /** Estimated memory of the lines that are kept; further ones are counted in `droppedLines`. Default 256 MiB. */
  readonly maxBytes?: number | undefined;
}

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
  constructor({ dialect = 'statsd', maxBytes }: InMemorySinkOptions = {}) {
    super(dialectOf(dialect), maxBytes);
  }

  /** The exporter's option `lines`. */
  readonly sink = (lines: readonly string[]): void => {
    for (const line of lines) this.add(line);
  };
}
