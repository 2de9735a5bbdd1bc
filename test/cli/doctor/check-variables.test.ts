import { expect, it } from 'vitest';
import { checkVariables } from '../../../src/cli/doctor/check-variables.js';

const texts = (environment: Record<string, string>): string[] =>
  checkVariables(environment).map(({ status, text }) => `${status}: ${text}`);

it.each<[string, string[]]>([
  [
    'OTEL_EXPORTER_STATSD_ENDPOIN',
    [
      'problem: There is no variable OTEL_EXPORTER_STATSD_ENDPOIN (did you mean "OTEL_EXPORTER_STATSD_ENDPOINT"?).',
    ],
  ],
  [
    'OTEL_STATSD_PREFIX',
    ['problem: There is no variable OTEL_STATSD_PREFIX (did you mean "OTEL_EXPORTER_STATSD_PREFIX"?).'],
  ],
  [
    'OTEL_EXPORTER_STATSD_COLOUR_SCHEME',
    ['problem: There is no variable OTEL_EXPORTER_STATSD_COLOUR_SCHEME.'],
  ],
  [
    'OTEL_METRICS_EXPORT_INTERVAL',
    ['note: OTEL_METRICS_EXPORT_INTERVAL has no effect here; is OTEL_METRIC_EXPORT_INTERVAL meant?'],
  ],
  ['STATSD_PROT', ['note: STATSD_PROT has no effect here; is STATSD_PORT meant?']],
  ['DD_AGENT_HOSTT', ['note: DD_AGENT_HOSTT has no effect here; is DD_AGENT_HOST meant?']],
  [
    'OTEL_STATS_PREFIX',
    ['problem: There is no variable OTEL_STATS_PREFIX (did you mean "OTEL_EXPORTER_STATSD_PREFIX"?).'],
  ],
  [
    'OTEL_RESOURCE_ATTRIBUTE',
    ['note: OTEL_RESOURCE_ATTRIBUTE has no effect here; is OTEL_RESOURCE_ATTRIBUTES meant?'],
  ],
  ['OTEL_SERVICENAME', ['note: OTEL_SERVICENAME has no effect here; is OTEL_SERVICE_NAME meant?']],
  ['OTEL_RESOURCE_ATTRIBUTES', []],
  ['OTEL_SERVICE_NAME', []],
  ['NODE_APP_INSTANCES', []],
  ['XOTEL_STATSD_PREFIX', []],
  ['OTEL_STATSD_PREFIX-1', []],
  ['STATSD_PRO', ['note: STATSD_PRO has no effect here; is STATSD_PORT meant?']],
  ['XDD_AGENT_HOST', []],
  ['DD_AGENT_PORT', []],
  ['DD_TRACE_ENABLED', []],
  ['STATSD_FLUSH_INTERVAL', []],
  ['OTEL_EXPORTER_OTLP_ENDPOINT', []],
  ['PATH', []],
  ['OTEL_EXPORTER_STATSD_ENDPOINT', []],
  ['OTEL_EXPORTER_STATSD_CLUSTER', []],
])('%s: %j', (name, expected) => {
  expect(texts({ [name]: 'x' })).toEqual(expected);
});

it('an empty variable is not misspelt', () => {
  expect(texts({ OTEL_EXPORTER_STATSD_ENDPOIN: '' })).toEqual([]);
});

it('a misspelt variable comes with advice, and one without a value is none', () => {
  expect(checkVariables({ OTEL_EXPORTER_STATSD_ZZZ: 'x', OTEL_EXPORTER_STATSD_YYY: undefined })).toEqual([
    {
      status: 'problem',
      text: 'There is no variable OTEL_EXPORTER_STATSD_ZZZ.',
      advice: 'Correct its name, or unset it.',
    },
  ]);
});

it('misspelt variables are in the order of their names', () => {
  expect(texts({ STATSD_PROT: '1', OTEL_EXPORTER_STATSD_Z: '1', DD_AGENT_HOSTT: '1' })).toEqual([
    'note: DD_AGENT_HOSTT has no effect here; is DD_AGENT_HOST meant?',
    'problem: There is no variable OTEL_EXPORTER_STATSD_Z.',
    'note: STATSD_PROT has no effect here; is STATSD_PORT meant?',
  ]);
});
