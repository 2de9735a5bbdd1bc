import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { type Environment, readEnvironment } from '../../../src/exporter/options/environment.js';
import { idleOptions } from '../../../src/exporter/options/idle-options.js';
import type { StatsdExporterOptions } from '../../../src/exporter/options/options.js';
import { resolveOptions } from '../../../src/exporter/options/resolve-options.js';

function warnings(options: StatsdExporterOptions, environment: Environment = {}): string[] {
  return idleOptions(
    options,
    resolveOptions(
      options,
      readEnvironment(environment, () => {}),
    ),
  );
}

const lookup = () => {};

it.each<[StatsdExporterOptions, string[], Environment?]>([
  [
    { delivery: 'persistent' },
    ['delivery has no effect: lines go over udp, where no server confirms delivery'],
  ],
  [
    {},
    ['OTEL_EXPORTER_STATSD_DELIVERY has no effect: lines go over udp, where no server confirms delivery'],
    { OTEL_EXPORTER_STATSD_DELIVERY: 'confirmed' },
  ],
  [{ tls: { ca: 'pem' } }, ['tls has no effect: lines go over udp, without encryption']],
  [{ protocol: 'tcp', tls: {} }, ['tls has no effect: lines go over tcp, without encryption']],
  [
    { onUnconfirmed: 'drop' },
    ['onUnconfirmed has no effect: lines go over udp, without connections that could break'],
  ],
  [
    { stallTimeoutMillis: 1, confirmTimeoutMillis: 1 },
    [
      'confirmTimeoutMillis has no effect: lines go over udp',
      'stallTimeoutMillis has no effect: lines go over udp, where no send waits',
    ],
  ],
  [
    { protocol: 'tcp', delivery: 'persistent', confirmTimeoutMillis: 1 },
    ["confirmTimeoutMillis has no effect: delivery is 'persistent'"],
  ],
  [
    { stream: new PassThrough(), connectTimeoutMillis: 1 },
    ['connectTimeoutMillis has no effect: lines go to the option stream'],
  ],
  [
    {
      stream: new PassThrough(),
      delivery: 'confirmed',
      confirmTimeoutMillis: 1,
      tls: {},
      onUnconfirmed: 'drop',
      stallTimeoutMillis: 1,
      lookup,
      maxPayloadBytes: 512,
      pacing: { bytesPerSecond: 1e6, datagramsPerSecond: 10 },
    },
    [
      'delivery has no effect: lines go to the option stream, where no server confirms delivery',
      'confirmTimeoutMillis has no effect: lines go to the option stream',
      'tls has no effect: lines go to the option stream, without encryption',
      'lookup has no effect: lines go to the option stream, without a host name',
      'maxPayloadBytes has no effect: lines go to the option stream, where the server finds lines by their newlines',
      'pacing.bytesPerSecond has no effect: lines go to the option stream',
      'pacing.datagramsPerSecond has no effect: lines go to the option stream',
    ],
  ],
  [{ path: '/s', lookup }, ['lookup has no effect: lines go over unix, without a host name']],
  [
    { protocol: 'tcp', maxPayloadBytes: 1432 },
    ['maxPayloadBytes has no effect: lines go over tcp, where the server finds lines by their newlines'],
  ],
  [{ pacing: { bytesPerSecond: 1e6 } }, ['pacing.bytesPerSecond has no effect: lines go over udp']],
  [
    { protocol: 'tcp', pacing: { datagramsPerSecond: 10 } },
    ['pacing.datagramsPerSecond has no effect: lines go over tcp'],
  ],
  [{ timestamps: true }, ['timestamps has no effect: the server (dialect statsd) reads no time in lines']],
  [
    { timestamps: true, dialect: 'carbon' },
    ['timestamps has no effect: the server (dialect carbon) always gets the time'],
  ],
  [{ originDetection: true }, ['originDetection has no effect: the server (dialect statsd) reads no origin']],
  [
    { dialect: 'carbon', histograms: 'samples' },
    [
      "histograms: 'samples' has no effect: the server (dialect carbon) cannot use samples, so summaries are sent",
    ],
  ],
  [
    { dialect: 'carbon', histograms: { mode: 'samples' } },
    [
      "histograms: 'samples' has no effect: the server (dialect carbon) cannot use samples, so summaries are sent",
    ],
  ],
  [
    { dialect: 'vector', histograms: { mode: 'summary', exactMax: true } },
    ["histograms.exactMax has no effect: it is for the mode 'samples', and the mode is 'summary'"],
  ],
  [
    { histograms: { percentiles: [50], boundaries: [1] } },
    [
      "histograms.boundaries has no effect: it is for the mode 'buckets', and the mode is 'samples'",
      "histograms.percentiles has no effect: it is for the mode 'summary', and the mode is 'samples'",
    ],
  ],
  [
    { histograms: { mode: 'buckets', maxSamples: 10, sampleWeight: 2, exactSum: false } },
    [
      "histograms.maxSamples has no effect: it is for the mode 'samples', and the mode is 'buckets'",
      "histograms.sampleWeight has no effect: it is for the mode 'samples', and the mode is 'buckets'",
      "histograms.exactSum has no effect: it is for the mode 'samples', and the mode is 'buckets'",
    ],
  ],
  [
    { dialect: 'vector', histograms: { exactMax: true } },
    ['histograms.exactMax has no effect: the maximum of samples is exact on the server (dialect vector)'],
  ],
])('%o: %j', (options, expected, environment) => {
  expect(warnings(options, environment)).toEqual(expected);
});

it.each<[StatsdExporterOptions, Environment?]>([
  [{}],
  [{ endpoint: 'tls://a', tls: {}, delivery: 'confirmed', confirmTimeoutMillis: 1, onUnconfirmed: 'drop' }],
  [{ endpoint: 'tcp://a', delivery: 'persistent', stallTimeoutMillis: 1, pacing: { bytesPerSecond: 1e6 } }],
  [{ maxPayloadBytes: 512, lookup, pacing: { datagramsPerSecond: 10 } }],
  [{ dialect: 'dogstatsd', path: '/s', maxPayloadBytes: 512 }],
  [{ dialect: 'dogstatsd', timestamps: true, originDetection: true }],
  [{ timestamps: false, originDetection: false }],
  [{ stream: new PassThrough() }],
  [{ endpoint: 'tcp://a', connectTimeoutMillis: 1 }],
  [{ histograms: 'samples' }],
  [{ histograms: { mode: 'summary', percentiles: [50] } }],
  [{ histograms: { maxSamples: 10, exactSum: false, exactMax: true } }],
  [{ dialect: 'dogstatsd', histograms: { exactMax: false } }],
  [
    {},
    { DD_ORIGIN_DETECTION_ENABLED: 'true', DD_EXTERNAL_ENV: 'x', OTEL_EXPORTER_STATSD_HISTOGRAMS: 'summary' },
  ],
])('%o has an effect', (options, environment) => {
  expect(warnings(options, environment)).toEqual([]);
});
