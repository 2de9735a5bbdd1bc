import assert from 'node:assert/strict';
import { checkOptions } from '../../../src/exporter/options/check-options.js';
import { ConfigError } from '../../../src/exporter/options/config-error.js';
import { readEnvironment } from '../../../src/exporter/options/environment.js';
import { FOREIGN_OPTIONS } from '../../../src/exporter/options/foreign-options.js';
import { OPTIONS } from '../../../src/exporter/options/option-table.js';
import { resolveOptions } from '../../../src/exporter/options/resolve-options.js';
import { readInstance, resourceAttributes } from '../../../src/exporter/options/resource-env.js';
import { batchOf, counter, mapperOf, point } from '../../support/mapping.js';
import { checkWrittenLine } from './lines.js';
import type { Target } from './target.js';

/** Variables never stop the exporter, and what they configure writes lines that its dialect reads. */
export const environment: Target = {
  corpus: [
    'STATSD_ADDR=127.0.0.1:8125\nSTATSD_PREFIX=a.b',
    'OTEL_EXPORTER_STATSD_ENDPOINT=tcp://[::1]:8125\nOTEL_EXPORTER_STATSD_TAGS=a=b,c=d',
    'OTEL_EXPORTER_STATSD_PREFIX={service.name|none}.{type}\nOTEL_EXPORTER_STATSD_DIALECT=dogstatsd',
    'DD_ENTITY_ID=x\nDD_TAGS=a:b c:d\nDD_DOGSTATSD_URL=unix:///run/a.sock',
    'OTEL_RESOURCE_ATTRIBUTES=service.instance.id=%41%,a=b\nOTEL_SERVICE_NAME=x',
    'OTEL_EXPORTER_STATSD_NAMES=semconv\nOTEL_SDK_DISABLED=true',
  ],
  tokens: [
    ...Object.values(OPTIONS).flatMap((row) => ('variables' in row ? Object.keys(row.variables) : [])),
    ...[
      '=',
      ',',
      ':',
      '\n',
      '{',
      '}',
      '|',
      '%',
      '://',
      'udp://',
      'tls://',
      '[',
      ']',
      '@',
      '__proto__',
      'statsite',
    ],
  ],
  run(input) {
    const variables = Object.fromEntries(
      input
        .toString()
        .split('\n')
        .map((line) => line.split(/=(.*)/s))
        .map(([name = '', value = '']) => [name, value]),
    );
    const attributes = resourceAttributes(variables);
    readInstance(variables);
    const settings = readEnvironment(variables, (message) => assert(!/[\n\r]/.test(message), message));
    // What a variable sets is what the option of the same value would be allowed to set.
    for (const [option, [first]] of Object.entries(settings)) {
      if (first !== undefined && option in OPTIONS) checkOption(option, first.value);
    }
    const { mapping } = resolveOptions({ originDetection: false }, settings);
    const map = mapperOf(mapping.dialect, mapping);
    const { lines } = map(batchOf([counter([point(1)])], { resource: attributes }));
    for (const line of lines) checkWrittenLine(line, mapping.dialect);
  },
};

function checkOption(option: string, value: unknown): void {
  try {
    checkOptions('StatsdExporter', { [option]: value }, OPTIONS, FOREIGN_OPTIONS);
  } catch (error) {
    assert(error instanceof ConfigError);
    assert.fail(
      `a variable sets ${option} to ${JSON.stringify(value)}, which as an option is refused: ${error.message}`,
    );
  }
}
