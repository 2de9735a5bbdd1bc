import { expect, it } from 'vitest';
import { FOREIGN_OPTIONS } from '../../../src/exporter/options/foreign-options.js';
import { OPTIONS } from '../../../src/exporter/options/option-table.js';

it('each option of another package has a hint', () => {
  const optionsWith = (hint: string): string[] =>
    Object.keys(FOREIGN_OPTIONS).filter((option) => FOREIGN_OPTIONS[option] === hint);
  const byHint = Object.values(FOREIGN_OPTIONS).map((hint) => [hint, optionsWith(hint)]);
  expect(Object.fromEntries(byHint)).toEqual({
    'use host': ['address', 'hostname', 'ip', 'useDefaultRoute'],
    'use endpoint': ['server', 'url'],
    'use tags': ['globalTags', 'global_tags', 'defaultTags'],
    "use dialect: 'dogstatsd', which reads DD_ENV, DD_SERVICE and DD_VERSION": [
      'includeDatadogTags',
      'includeDataDogTags',
    ],
    "use dialect: 'telegraf'": ['telegraf'],
    'use prefix': ['namespace', 'scope'],
    'use names': ['suffix'],
    'use dialect': ['tagPrefix', 'tagSeparator'],
    'use maxPayloadBytes': ['maxBufferSize'],
    'use exportIntervalMillis of the PeriodicExportingMetricReader': [
      'bufferFlushInterval',
      'flushInterval',
      'interval',
    ],
    'counters and histograms are aggregated, so no sampling is needed': ['sampleRate'],
    'use views of the MeterProvider': ['aggregation', 'aggregationPreference'],
    'addresses are cached and refreshed': ['cacheDns', 'cacheDnsTtl'],
    'use lookup': ['udpSocketOptions'],
    'use onEvent': ['errorHandler', 'onError', 'tcpGracefulErrorHandling', 'udsGracefulErrorHandling'],
    'use enabled: false, or an in-memory sink of opentelemetry-exporter-statsd/testing': ['mock'],
    'use shutdownTimeoutMillis': ['closingFlushInterval'],
    'connections are reopened with back-off': ['tcpGracefulRestartRateLimit', 'udsGracefulRestartRateLimit'],
    'lines are sent again with back-off': ['udsRetryOptions'],
    'use one exporter for all meters': ['isChild'],
    'use flushTimeoutMillis and shutdownTimeoutMillis': ['timeout', 'timeoutMillis'],
    'use temporality': ['temporalityPreference'],
    'StatsD has none': ['headers'],
  });
});

it('an option that the exporter has is none of another package', () => {
  expect(Object.keys(FOREIGN_OPTIONS).filter((option) => Object.hasOwn(OPTIONS, option))).toEqual([]);
});
