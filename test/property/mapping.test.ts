// Any metrics, mapped for any dialect, are read back by a model of its server as what was measured.
import { AggregationTemporality, type MetricData } from '@opentelemetry/sdk-metrics';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Dialect } from '../../src/mapping/dialects/dialect.js';
import { type DialectName, dialects } from '../../src/mapping/dialects/index.js';
import { joinName, legalName } from '../../src/mapping/naming/legal-name.js';
import { unitScale } from '../../src/mapping/numbers/unit-scale.js';
import { timeFactor } from '../../src/mapping/numbers/units.js';
import { legalConstantTags, legalTags, type Tag, withConstantTags } from '../../src/mapping/tags/tags.js';
import { batchOf, counter, gauge, mapperOf, point } from '../support/mapping.js';
import { EXPORTS, type NumberMetric, numberMetric } from '../support/metrics/arbitrary-metrics.js';
import { Carbon } from '../support/server-models/carbon.js';
import { datagramsOf, dialectServers } from '../support/server-models/index.js';
import { Netdata } from '../support/server-models/netdata.js';
import type { Server } from '../support/server-models/server.js';

const PREFIX = 'app';
const CONSTANT_TAGS = { env: 'test' };

/** What each series is to be on the server by now. */
class Expectation {
  readonly counters = new Map<string, number>();
  readonly gauges = new Map<string, number>();
  drops = 0;
  readonly #dialect: Dialect;
  readonly #series: (name: string, tags: readonly Tag[]) => string;
  readonly #cumulative = new Map<string, number>();
  readonly #totals = new Map<string, number>();

  constructor(name: DialectName) {
    this.#dialect = dialects[name];
    this.#series = dialectServers[name].series;
  }

  beginExport(): void {
    this.gauges.clear();
    this.drops = 0;
  }

  /** `id` tells the series from every other one before it was mapped. */
  take(metric: NumberMetric, attributes: Record<string, unknown>, id: string, value: number): void {
    if (!Number.isFinite(value)) return this.#drop();
    const { limits } = this.#dialect;
    const isDelta = metric.temporality === AggregationTemporality.DELTA;
    let sent = value;
    if (metric.kind === 'counter' && !isDelta) {
      const before = this.#cumulative.get(id);
      this.#cumulative.set(id, value);
      sent = before === undefined || value < before ? value : value - before;
    } else if (metric.kind === 'upDown' && isDelta) {
      sent = (this.#totals.get(id) ?? 0) + value;
      this.#totals.set(id, sent);
    }
    if (metric.kind === 'upDown') sent = withoutNoise(sent);
    if (metric.kind === 'counter' && sent < 0) return this.#drop();
    sent = unitScale(timeFactor(metric.unit, this.#dialect.timeUnit)).of(sent);
    const series = this.#seriesOf(metric.name, attributes);
    const limit = metric.kind === 'counter' ? limits.counter : limits.gauge;
    if (Math.abs(sent) >= limit) return this.#drop();
    if (metric.kind !== 'counter') this.gauges.set(series, sent);
    else if (sent !== 0) this.counters.set(series, (this.counters.get(series) ?? 0) + sent);
  }

  #drop(): void {
    this.drops += 1;
  }

  #seriesOf(metric: string, attributes: Record<string, unknown>): string {
    return this.#series(nameOf(metric, this.#dialect), tagsOf(attributes, this.#dialect));
  }
}

function nameOf(metric: string, dialect: Dialect): string {
  return joinName(PREFIX, legalName(metric, dialect.illegal.name), dialect);
}

function tagsOf(attributes: Record<string, unknown>, dialect: Dialect): readonly Tag[] {
  const constant = legalConstantTags(CONSTANT_TAGS, dialect);
  return withConstantTags(legalTags(attributes, dialect), constant);
}

/** Longer ones are cut (test/mapping/lines/check-limits.test.ts). */
function isWhole(metric: string, attributes: Record<string, unknown>, dialect: Dialect): boolean {
  const { limits, tags: syntax } = dialect;
  const name = nameOf(metric, dialect);
  const tags = tagsOf(attributes, dialect);
  const wholeName = syntax.place === 'folded' ? [name, ...tags.flat()].join('.') : name;
  return (
    wholeName.length <= limits.nameLength &&
    tags.every(([key, value]) => key.length + value.length + 1 <= limits.tagLength)
  );
}

/**
 * Series that are told apart only before they are mapped overwrite each other, and on gostatsd the first wins. Names that
 * are cut may be such series, too.
 */
function withoutCollisions(metrics: readonly NumberMetric[], name: DialectName): NumberMetric[] {
  const seen = new Set<string>();
  return metrics.map((metric, index) => {
    const named = { ...metric, name: `${metric.name}${index}` };
    const series = metric.series.filter((attributes) => {
      const text = dialectServers[name].series(
        legalName(named.name, dialects[name].illegal.name),
        legalTags(attributes, dialects[name]),
      );
      const isNew = !seen.has(text);
      seen.add(text);
      return isNew && isWhole(named.name, attributes, dialects[name]);
    });
    return { ...named, series };
  });
}

function metricData(metric: NumberMetric, index: number): MetricData {
  const { kind, name, series, temporality, unit } = metric;
  const points = series.map((attributes, position) =>
    // Some exports share their second, as a last flush does.
    point(metric.exports[index]![position]!, { attributes, endTime: [1_700_000_000 + (index >> 1), 5e8] }),
  );
  return kind === 'gauge'
    ? gauge(points, { name, unit, temporality })
    : counter(points, { name, unit, temporality, monotonic: kind === 'counter' });
}

/** What was added up is sent as a decimal of 15 digits, where that is the same number or the next to it. */
function withoutNoise(sum: number): number {
  const decimal = Number(sum.toPrecision(15));
  // The exponent of the double, from its bits.
  const exponent = (new DataView(Float64Array.of(sum).buffer).getUint16(6, true) >> 4) & 0x7ff;
  const isNext = Math.abs(decimal - sum) <= 2 ** (exponent - 1023 - 52);
  return isNext && !Number.isInteger(sum) ? decimal : sum;
}

function expectReadBack(server: Server, expected: Expectation, { counterDecimals, limits }: Dialect): void {
  if (server instanceof Carbon) return expectStored(server, expected);
  expect(server.rejected).toEqual([]);
  expect([...server.counters.keys()].filter((series) => !expected.counters.has(series))).toEqual([]);
  const half = counterDecimals === Infinity ? 0 : 0.5 / 10 ** counterDecimals + 1e-9;
  for (const [series, total] of expected.counters) {
    // The server's own sum is beyond its range.
    if (total >= limits.counter) continue;
    const error = (server.counters.get(series) ?? 0) - total;
    expect([series, Math.abs(error) <= half + 4e-16 * total * EXPORTS]).toEqual([series, true]);
  }
  const shown = [...expected.gauges.keys()].map((series): [string, number | undefined] => [
    series,
    server instanceof Netdata ? server.shown(series) : server.gauges.get(series),
  ]);
  const known = [...expected.gauges].map(([series, value]): [string, number] => [
    series,
    server instanceof Netdata ? Math.trunc(value * 1000) / 1000 + 0 : value + 0,
  ]);
  expect(shown).toEqual(known);
}

function expectStored({ points, rejected }: Carbon, { counters, gauges }: Expectation): void {
  expect(rejected).toEqual([]);
  for (const [series, total] of counters) {
    const sum = [...points.get(series)!.values()].reduce((before, value) => before + value, 0);
    expect([series, Math.abs(sum - total) <= 1e-12 * total]).toEqual([series, true]);
  }
  for (const [series, value] of gauges)
    expect([series, [...points.get(series)!.values()].at(-1)]).toEqual([series, value + 0]);
  const known = [...counters.keys(), ...gauges.keys()];
  expect([...points.keys()].filter((path) => path.startsWith('OpenMetrics') || path.includes(' '))).toEqual(
    [],
  );
  expect(known.every((series) => points.has(series))).toBe(true);
}

describe.each(Object.keys(dialects) as DialectName[])('lines for %s', (name) => {
  const dialect = dialects[name];

  it('are read by the server as exactly what was measured, export after export', () => {
    fc.assert(
      fc.property(fc.array(numberMetric, { minLength: 1, maxLength: 3 }), (generated) => {
        const metrics = withoutCollisions(generated, name);
        const map = mapperOf(dialect, { prefix: PREFIX, tags: CONSTANT_TAGS });
        const server = dialectServers[name].start();
        const expected = new Expectation(name);
        for (let index = 0; index < EXPORTS; index++) {
          const mapped = map(batchOf(metrics.map((metric) => metricData(metric, index))));
          expected.beginExport();
          for (const [number, metric] of metrics.entries()) {
            for (const [position, attributes] of metric.series.entries()) {
              expected.take(metric, attributes, `${number} ${position}`, metric.exports[index]![position]!);
            }
          }
          for (const { text, lines } of mapped.groups) {
            expect(text).toMatch(/^(?:[^\p{Cc}\p{Zl}\p{Zp}\p{Cs}]+\n)+$/u);
            expect(text.split('\n')).toHaveLength(lines + 1);
          }
          for (const datagram of datagramsOf(mapped.groups, dialect)) server.receive(datagram);
          expectReadBack(server, expected, dialect);
          const dropped = Object.values(mapped.drops).reduce((sum, count) => sum + count, 0);
          expect(dropped).toBe(expected.drops);
        }
      }),
      { numRuns: 100 },
    );
  });
});
