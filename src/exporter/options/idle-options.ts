// Options that are given but can have no effect with the rest of the configuration: most are mistakes.

import { canConfirm, type Destination, isToNamedPipe } from '../../transport/endpoint/destination.js';
import { traitsOf } from '../../transport/endpoint/protocols.js';
import type { HistogramOptions, StatsdExporterOptions } from './options.js';
import type { ResolvedOptions } from './resolve-options.js';

/** A warning for each of them. */
export function idleOptions(given: StatsdExporterOptions, resolved: ResolvedOptions): string[] {
  return [...idleDelivery(given, resolved), ...idleMapping(given, resolved)].map(
    ([name, reason]) => `${name} has no effect: ${reason}`,
  );
}

type Idle = readonly [name: string, reason: string];

function* idleDelivery(
  given: StatsdExporterOptions,
  { delivery, sources }: ResolvedOptions,
): Generator<Idle> {
  const { destination } = delivery;
  const traits = traitsOf(destination.protocol);
  const by = `lines go ${wayTo(destination)}`;
  const isPersistent = delivery.delivery === 'persistent';
  const isGiven = (option: keyof StatsdExporterOptions): boolean => given[option] !== undefined;

  if (!canConfirm(destination)) {
    const name = sources.delivery === 'options' ? 'delivery' : sources.delivery;
    if (name !== undefined) yield [name, `${by}, where no server confirms delivery`];
  }
  if (isGiven('confirmTimeoutMillis') && (!canConfirm(destination) || isPersistent)) {
    yield ['confirmTimeoutMillis', canConfirm(destination) ? "delivery is 'persistent'" : by];
  }
  if (isGiven('tls') && !traits?.isEncrypted) yield ['tls', `${by}, without encryption`];
  if (isGiven('onUnconfirmed') && traits?.kind === 'datagram') {
    yield ['onUnconfirmed', `${by}, without connections that could break`];
  }
  if (isGiven('stallTimeoutMillis') && traits?.hasBackpressure === false) {
    yield ['stallTimeoutMillis', `${by}, where no send waits`];
  }
  if (isGiven('connectTimeoutMillis') && traits === undefined) yield ['connectTimeoutMillis', by];
  if (isGiven('lookup') && traits?.address !== 'host') yield ['lookup', `${by}, without a host name`];
  if (isGiven('maxPayloadBytes') && traits?.kind !== 'datagram' && delivery.framing === 'newline') {
    yield ['maxPayloadBytes', `${by}, where the server finds lines by their newlines`];
  }
  const { bytesPerSecond, datagramsPerSecond } = given.pacing || {};
  if (bytesPerSecond !== undefined && traits?.kind !== 'stream') yield ['pacing.bytesPerSecond', by];
  const isPacedByDatagrams = traits?.kind === 'datagram' && !traits.hasBackpressure;
  if (datagramsPerSecond !== undefined && !isPacedByDatagrams) yield ['pacing.datagramsPerSecond', by];
}

function wayTo(destination: Destination): string {
  if (isToNamedPipe(destination)) return 'to a named pipe';
  const { protocol } = destination;
  return traitsOf(protocol) === undefined ? `to the option ${protocol}` : `over ${protocol}`;
}

function* idleMapping(given: StatsdExporterOptions, { mapping }: ResolvedOptions): Generator<Idle> {
  const { dialect, histograms } = mapping;
  const server = `the server (dialect ${dialect.name})`;
  if (given.timestamps === true && dialect.timestamps !== 'optional') {
    yield [
      'timestamps',
      dialect.timestamps === 'required'
        ? `${server} always gets the time`
        : `${server} reads no time in lines`,
    ];
  }
  if (
    given.originDetection !== undefined &&
    given.originDetection !== false &&
    !dialect.originFields?.length
  ) {
    yield ['originDetection', `${server} reads no origin`];
  }
  const options: HistogramOptions = typeof given.histograms === 'object' ? given.histograms : {};
  const mode = typeof given.histograms === 'string' ? given.histograms : options.mode;
  if (mode === 'samples' && histograms.mode !== 'samples') {
    yield ["histograms: 'samples'", `${server} cannot use samples, so summaries are sent`];
  }
  if (options.exactMax === true && mode !== 'summary' && dialect.samples.rate === 'weighted') {
    yield ['histograms.exactMax', `the maximum of samples is exact on ${server}`];
  }
  const needs: readonly (readonly [keyof HistogramOptions, HistogramOptions['mode']])[] = [
    ['maxSamples', 'samples'],
    ['sampleWeight', 'samples'],
    ['exactSum', 'samples'],
    ['exactMax', 'samples'],
    ['boundaries', 'buckets'],
    ['percentiles', 'summary'],
  ];
  for (const [option, needed] of needs) {
    if (options[option] !== undefined && histograms.mode !== needed) {
      yield [`histograms.${option}`, `it is for the mode '${needed}', and the mode is '${histograms.mode}'`];
    }
  }
}
