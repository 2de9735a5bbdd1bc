// Lines that other StatsD clients send, in terms of OpenTelemetry.
import { AggregationTemporality, DataPointType, type MetricData } from '@opentelemetry/sdk-metrics';
import { type DialectName, dialects } from '../../src/mapping/dialects/index.js';
import { distinctUnit } from '../../src/mapping/sets.js';
import { batchOf, counter, gauge, mapperOf, point } from './mapping.js';

export interface PeerCase {
  /** The client and the test of it that holds the line. */
  readonly source: string;
  readonly dialect: DialectName;
  /** `none` for what no instrument of OpenTelemetry makes. */
  readonly kind: 'counter' | 'gauge' | 'histogram' | 'set' | 'none';
  readonly name: string;
  readonly attributes?: Readonly<Record<string, string | null>>;
  /** Numbers, or a text where JSON has no number. */
  readonly values: readonly (number | string)[];
  readonly unit?: string;
  readonly prefix?: string;
  readonly suffix?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly resource?: Readonly<Record<string, string>>;
  readonly seconds?: number;
  /** The client's line; null when it sends none. */
  readonly line: string | null;
  /** Our lines where they differ, and why. */
  readonly ours?: readonly string[];
  readonly because?: readonly string[];
}

/** The lines we send for it. */
export function mapPeerCase(peer: PeerCase): readonly string[] {
  const metric = metricOf(peer);
  if (metric === undefined) return [];
  const map = mapperOf(dialects[peer.dialect], {
    prefix: peer.prefix ?? '',
    tags: peer.tags ?? {},
    timestamps: peer.seconds !== undefined,
    names: peer.suffix === undefined ? undefined : { '*': `{name}${peer.suffix}` },
    // Single values, as the other clients send them.
    histograms: { mode: 'samples', exactSum: false, percentiles: [] },
  });
  return map(batchOf([metric], { resource: peer.resource ?? {} })).lines;
}

function metricOf({
  kind,
  name,
  unit = '',
  values,
  attributes = {},
  seconds = 0,
}: PeerCase): MetricData | undefined {
  const numbers = values.map(Number);
  const total = numbers.reduce((sum, value) => sum + value, 0);
  const facts = { attributes, endTime: [seconds, 0] as [number, number] };
  switch (kind) {
    case 'none':
      return undefined;
    case 'counter':
      return counter([point(total, facts)], { name, unit });
    case 'set': {
      const members = values.map((member) => point(1, { ...facts, attributes: { ...attributes, member } }));
      return counter(members, { name, unit: distinctUnit('member') });
    }
    case 'gauge':
      return gauge([point(total, facts)], { name, unit });
    case 'histogram': {
      const value = {
        // A bucket for each value, so that all of them are known.
        buckets: bucketsOf(numbers),
        count: numbers.length,
        sum: total,
        min: Math.min(...numbers),
        max: Math.max(...numbers),
      };
      return {
        descriptor: { name, unit, description: '', valueType: 1 },
        dataPointType: DataPointType.HISTOGRAM,
        aggregationTemporality: AggregationTemporality.DELTA,
        dataPoints: [point(value, facts)],
      };
    }
  }
}

function bucketsOf(values: readonly number[]): { boundaries: number[]; counts: number[] } {
  const boundaries = [...values].sort((a, b) => a - b);
  return { boundaries, counts: [...boundaries.map(() => 1), 0] };
}
