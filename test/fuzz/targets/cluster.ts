import assert from 'node:assert/strict';
import type { ExponentialHistogram, Histogram, ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { LineDecoder } from '../../../src/cluster/channel/ndjson.js';
import { type DecodedMetrics, decodeMetrics } from '../../../src/cluster/protocol/decode-metrics.js';
import {
  envelope,
  readAggregatorMessage,
  readWorkerMessage,
} from '../../../src/cluster/protocol/messages.js';
import { type PlainAttributes, plainResource } from '../../../src/cluster/protocol/wire-attributes.js';
import { dialects } from '../../../src/mapping/dialects/index.js';
import { encodeBatches } from '../../cluster/support/encode-batches.js';
import { mapperOf } from '../../support/mapping.js';
import { checkWrittenLine } from './lines.js';
import { pieces, type Target } from './target.js';

const MAX_BYTES = 4_096;

/** A point of the first attribute. */
function batch(type: number, value: string, attributes = '"k","v"'): string {
  const points = `"points":[0,1,0],"values":[${value}]`;
  const metric = `{"name":"m","unit":"s","description":"","type":${type},"valueType":1,"isMonotonic":true,${points}}`;
  const lists = `"attributes":[${attributes}],"times":[1700000000,0,1700000010,0]`;
  const metrics = `{"resource":["service.name","a"],${lists},"scopes":[{"name":"s","metrics":[${metric}]}]}`;
  const { kind: _kind, ...marker } = envelope({ kind: '' });
  return `${JSON.stringify({ ...marker, kind: 'batch', from: 'w', secret: 's', sequence: 1, intervalMillis: 1 }).slice(0, -1)},"metrics":${metrics}}\n`;
}

/** Reads or refuses messages, the same however the stream is cut; what it reads becomes lines of finite numbers. */
export const cluster: Target = {
  corpus: [
    `${JSON.stringify(envelope({ kind: 'hello', from: 'w', secret: 's' }))}\n`,
    `${JSON.stringify(envelope({ kind: 'welcome', to: '*', aggregator: 'a' }))}\n`,
    batch(0, '[[3,5,1,2],[1,2],[1,0,2]]'),
    batch(1, '[[3,5,1,2],2,0,[0,[1,2]],[0,[]]]'),
    batch(2, '1.5'),
    batch(3, '5'),
    batch(0, '[[3,null,null,null],["-0",2],[1,0,2]]'),
    batch(1, '[[3,null,1,null],-10,3,[2147483648,[]],[-2147483648,[0,1]]]'),
    batch(2, '"-0"', '"k",null,"__proto__",[1,true,"x"]').replace('[0,1,0]', '[0,2,0,1]'),
  ],
  tokens: [
    ...[
      'null',
      '[]',
      '{}',
      '"-0"',
      '1e308',
      '-1e308',
      '5e-324',
      '9007199254740991',
      '"__proto__"',
      '\n',
      ',',
    ],
    ...['"kind":"goodbye"', '[1,2]', '"isMonotonic":false', '[[', ']]', '{"', '0'],
  ],
  run(input) {
    const whole = messagesOf([input]);
    assert.deepEqual(messagesOf(pieces(input)), whole);
    for (const message of whole) {
      readAggregatorMessage(message);
      const read = readWorkerMessage(message);
      if (typeof read === 'string' || read.kind !== 'batch') continue;
      const metrics = decodeMetrics(read.metrics);
      if (metrics === undefined) continue;
      checkDecoded(metrics);
      const { resource, scopeMetrics } = metrics;
      checkMapping({ resource: plainResource(resource), scopeMetrics });
    }
  },
};

/** Every value is of a kind that later code expects, and a batch that is sent on is decoded as the same. */
function checkDecoded({ resource, scopeMetrics }: DecodedMetrics): void {
  checkAttributes(resource);
  for (const { metrics } of scopeMetrics) {
    for (const { dataPoints } of metrics) {
      for (const { attributes, value } of dataPoints) {
        checkAttributes(attributes as PlainAttributes);
        checkValue(value);
      }
    }
  }
  const again = encodeBatches({ scopeMetrics }, resource, () => {}).map(({ metrics }) =>
    decodeMetrics(JSON.parse(JSON.stringify(metrics))),
  );
  const points = (of: readonly (Pick<DecodedMetrics, 'scopeMetrics'> | undefined)[]): unknown[] =>
    of.flatMap((batch) =>
      (batch?.scopeMetrics ?? []).flatMap(({ scope, metrics }) =>
        metrics.flatMap(({ dataPoints, ...metric }) => dataPoints.map((point) => ({ scope, metric, point }))),
      ),
    );
  assert.deepEqual(points(again), points([{ scopeMetrics }]));
  for (const batch of again) assert.deepEqual(batch?.resource, resource);
}

/** Null is a value of an attribute, and no other value is. */
function checkAttributes(attributes: PlainAttributes): void {
  for (const value of Object.values(attributes)) {
    for (const each of Array.isArray(value) ? value : [value ?? '']) {
      assert(
        typeof each === 'string' || typeof each === 'boolean' || Number.isFinite(each),
        'no attribute value',
      );
    }
  }
}

/** A total that is not known is left out: it is neither null nor undefined, nor 0 instead. */
function checkValue(value: unknown): void {
  if (typeof value === 'number') return assert(Number.isFinite(value), 'no finite number');
  const { count, buckets, positive, negative, ...rest } = value as Partial<Histogram & ExponentialHistogram>;
  const numbers = [
    ...[count, ...Object.values(rest), ...(buckets?.boundaries ?? []), ...(buckets?.counts ?? [])],
    ...[positive, negative].flatMap((side) =>
      side === undefined ? [] : [side.offset, ...side.bucketCounts],
    ),
  ];
  for (const number of numbers) assert(Number.isFinite(number), 'no finite number in a histogram');
}

/** Maps for servers that differ in what they take. */
export function checkMapping(batch: ResourceMetrics): void {
  for (const dialect of [dialects.statsd, dialects.dogstatsd, dialects.carbon, dialects.telegraf]) {
    for (const line of mapperOf(dialect)(batch).lines) checkWrittenLine(line, dialect);
  }
}

/** None when one exceeds a limit: which of those before it are complete depends on the cuts. */
function messagesOf(parts: readonly Buffer[]): unknown[] {
  const decoder = new LineDecoder(MAX_BYTES);
  const messages: unknown[] = [];
  try {
    for (const part of parts) messages.push(...decoder.decode(part));
  } catch (error) {
    assert.match(String(error), /a message (has more than|is not JSON)/);
    return [];
  }
  return messages;
}
