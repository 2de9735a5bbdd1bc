import assert from 'node:assert/strict';
import type { Dialect } from '../../../src/mapping/dialects/dialect.js';
import { dialects } from '../../../src/mapping/dialects/index.js';
import { parseLine, seriesOf } from '../../../src/mapping/lines/parse-line.js';
import type { Target } from './target.js';

/** Reads or refuses a line, and reads finite numbers only. */
export const lines: Target = {
  corpus: [
    'a.b:1|c',
    'a.b:0.25|ms|@0.1',
    'a:-5|g',
    'a.b:1:2|d|@0.5|#k:v,l|T100|c:in-1|e:it|card:low',
    'a,k=v:0|g:-5|g',
    'a[k=v,l=w]:1|c',
    'a;k=v -1.5 1700000000',
    'a:x:y|s',
    `a:${'9'.repeat(400)}|g`,
  ],
  tokens: [
    ':',
    '|',
    '@',
    '#',
    'T',
    ';',
    ',',
    '=',
    '[',
    ']',
    ' ',
    '|c',
    '|g',
    '|ms',
    '|s',
    '1e999',
    '__proto__',
  ],
  run(input) {
    const line = input.toString();
    for (const dialect of Object.values(dialects)) checkLine(line, dialect);
  },
};

function checkLine(line: string, dialect: Dialect): void {
  const parsed = parseLine(line, dialect);
  if ('reason' in parsed) return assert.notEqual(parsed.reason, '');
  assert.notEqual(parsed.samples.length, 0);
  for (const sample of parsed.samples) {
    assert.notEqual(sample.name, '');
    assert.equal(typeof seriesOf(sample), 'string');
    assert(typeof sample.value === 'string' ? sample.type === 's' : Number.isFinite(sample.value), 'value');
    assert(sample.sampleRate > 0 && sample.sampleRate <= 1, 'sample rate');
    assert(sample.timestamp === undefined || Number.isFinite(sample.timestamp), 'time');
  }
}

/** A line that the mapping wrote. */
export function checkWrittenLine(line: string, dialect: Dialect): void {
  const parsed = parseLine(line, dialect);
  assert(
    'samples' in parsed,
    `${dialect.name}: ${JSON.stringify(line)}: ${'reason' in parsed && parsed.reason}`,
  );
  checkLine(line, dialect);
}
