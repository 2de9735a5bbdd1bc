import assert from 'node:assert/strict';
import { readExports } from '../../../src/cli/preview/otlp.js';
import { SAMPLE_EXPORT } from '../../../src/cli/preview/sample-export.js';
import { checkMapping } from './cluster.js';
import type { Target } from './target.js';

function exported(metric: string): string {
  return `{"resourceMetrics":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"a"}}]},"scopeMetrics":[{"scope":{"name":"s"},"metrics":[{"name":"m","unit":"s",${metric}}]}]}]}`;
}

const POINT =
  '"attributes":[{"key":"k","value":{"intValue":"5"}}],"startTimeUnixNano":"1","timeUnixNano":"2"';

/** Reads what it can of a file and tells the rest; what it reads becomes lines of finite numbers. */
export const otlp: Target = {
  corpus: [
    JSON.stringify(SAMPLE_EXPORT),
    exported(`"gauge":{"dataPoints":[{${POINT},"asDouble":"NaN"}]}`),
    exported(`"sum":{"aggregationTemporality":1,"isMonotonic":true,"dataPoints":[{${POINT},"asInt":"5"}]}`),
    exported(
      `"histogram":{"aggregationTemporality":2,"dataPoints":[{${POINT},"count":"3","sum":5,"explicitBounds":[1,2],"bucketCounts":["1","0","2"],"min":1,"max":2}]}`,
    ),
    exported(
      `"exponentialHistogram":{"aggregationTemporality":1,"dataPoints":[{${POINT},"count":"3","sum":5,"scale":2,"zeroCount":"0","positive":{"offset":0,"bucketCounts":["1","2"]}}]}`,
    ),
    `{"resourceMetrics":[]}\n{"resourceMetrics":[]}\n`,
  ],
  tokens: [
    ...[
      '"NaN"',
      '"Infinity"',
      '"-Infinity"',
      '1e308',
      '-1',
      '"1e400"',
      'null',
      '[]',
      '{}',
      '"9223372036854775807"',
    ],
    ...[
      '"asInt":',
      '"asDouble":',
      '"arrayValue":{"values":[',
      '"kvlistValue":{"values":[',
      '"scale":-10',
      '\n',
      ',',
    ],
  ],
  run(input) {
    const { batches, notes, faults } = readExports(input.toString());
    for (const text of [...notes, ...faults.map((fault) => fault.text)]) assert.notEqual(text, '');
    for (const batch of batches) checkMapping(batch);
  },
};
