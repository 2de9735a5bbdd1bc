import assert from 'node:assert/strict';
import type { ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { LineDecoder } from '../../../src/cluster/channel/ndjson.js';
import { decodeMetrics } from '../../../src/cluster/protocol/decode-metrics.js';
import {
  envelope,
  readAggregatorMessage,
  readWorkerMessage,
} from '../../../src/cluster/protocol/messages.js';
import { plainResource } from '../../../src/cluster/protocol/wire-attributes.js';
import { dialects } from '../../../src/mapping/dialects/index.js';
import { mapperOf } from '../../support/mapping.js';
import { checkWrittenLine } from './lines.js';
import { pieces, type Target } from './target.js';

const MAX_BYTES = 4_096;
const TIMES = '[1700000000,0],[1700000010,0]';

function batch(type: number, value: string): string {
  const metric = `{"name":"m","unit":"s","description":"","type":${type},"valueType":1,"isMonotonic":true,"points":[[["k","v"],${TIMES},${value}]]}`;
  const metrics = `{"resource":["service.name","a"],"scopes":[{"name":"s","metrics":[${metric}]}]}`;
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
      const { resource, scopeMetrics } = metrics;
      checkMapping({ resource: plainResource(resource), scopeMetrics });
    }
  },
};

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
