// For the tests of apps that export with this package; works with any test runner.

import type { Dialect } from './mapping/dialects/dialect.js';
import { type DialectName, dialectOf } from './mapping/dialects/index.js';
import { type ParsedLine, parseLine as parseLineOf } from './mapping/lines/parse-line.js';

export type { Dialect } from './mapping/dialects/dialect.js';
export type { DialectName } from './mapping/dialects/index.js';
export type { ParsedLine, Sample } from './mapping/lines/parse-line.js';
export { InMemorySink, type InMemorySinkOptions } from './testing/in-memory-sink.js';
export {
  type ExpectedTags,
  type ExpectedTiming,
  type MatcherResult,
  type StatsdMatchers,
  statsdMatchers,
} from './testing/matchers.js';
export type { MalformedLine, ReceivedMetrics } from './testing/received.js';
export { StatsdTestServer, type StatsdTestServerOptions, type WaitTarget } from './testing/test-server.js';
export type { Totals, WeightedValue } from './testing/totals.js';

/**
 * The samples of a line, or in words why it cannot be read.
 *
 * @param line without its newline
 * @param dialect a name or a record; default `statsd`
 */
export function parseLine(line: string, dialect: DialectName | Dialect = 'statsd'): ParsedLine {
  return parseLineOf(line, dialectOf(dialect));
}
