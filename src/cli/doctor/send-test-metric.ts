// Sends one counter the way an app would, and waits for what can be known about it.

import { AggregationTemporality, DataPointType, type ResourceMetrics } from '@opentelemetry/sdk-metrics';
import type { StatsdExporterOptions } from '../../exporter/options/options.js';
import type { ResolvedOptions } from '../../exporter/options/resolve-options.js';
import { StatsdExporter } from '../../exporter/statsd-exporter.js';
import type { StatsdExporterStats } from '../../exporter/telemetry/stats.js';
import type { Clock } from '../../runtime/clock.js';
import { formatDestination } from '../../transport/endpoint/destination.js';
import { traitsOf } from '../../transport/endpoint/protocols.js';
import { lineOptions } from '../shared/configuration.js';
import { withWarnings } from '../shared/exported-lines.js';

export const TEST_METRIC = 'otel_statsd.doctor';

/** A server that takes longer to answer needs looking after, too. */
const CONNECT_MILLIS = 5_000;
const CONFIRM_MILLIS = 5_000;
/** A refusal takes a round trip, which may be longer than usual. */
const REFUSAL_DELAYS = 5;
const LOOK_AGAIN_MILLIS = 20;

/** What the exporter counted when everything had been sent, or the first thing went wrong. */
export async function sendTestMetric(
  resolved: ResolvedOptions,
  metrics: ResourceMetrics,
  clock: Clock,
): Promise<StatsdExporterStats> {
  const exporter = new StatsdExporter({ ...lineOptions(resolved), ...deliveryOptions(resolved) });
  let stats = exporter.stats();
  await withWarnings(async () => {
    await new Promise<void>((resolve) => exporter.export(metrics, () => resolve()));
    let isFlushed = false;
    void exporter.forceFlush().then(() => {
      isFlushed = true;
    });
    while (!isFlushed && !hasTrouble(exporter.stats())) await pause(LOOK_AGAIN_MILLIS, clock);
    const traits = traitsOf(resolved.delivery.destination.protocol);
    const refusalMillis = REFUSAL_DELAYS * (traits?.refusalDelayMillis ?? 0);
    for (
      let waited = 0;
      waited < refusalMillis && !hasTrouble(exporter.stats());
      waited += LOOK_AGAIN_MILLIS
    ) {
      await pause(LOOK_AGAIN_MILLIS, clock);
    }
    stats = exporter.stats();
    await exporter.shutdown();
  });
  return stats;
}

export function testMetric(attributes: Readonly<Record<string, string>>, date: Date): ResourceMetrics {
  const time: [number, number] = [Math.floor(date.getTime() / 1000), 0];
  return {
    // Nothing but its attributes is looked at.
    resource: { attributes } as unknown as ResourceMetrics['resource'],
    scopeMetrics: [
      {
        scope: { name: 'otel-statsd' },
        metrics: [
          {
            descriptor: { name: TEST_METRIC, description: '', unit: '', valueType: 0 },
            dataPointType: DataPointType.SUM,
            aggregationTemporality: AggregationTemporality.DELTA,
            isMonotonic: true,
            dataPoints: [{ attributes: {}, startTime: time, endTime: time, value: 1 }],
          },
        ],
      },
    ],
  };
}

function deliveryOptions({ delivery }: ResolvedOptions): StatsdExporterOptions {
  return {
    endpoint: formatDestination(delivery.destination),
    delivery: delivery.delivery,
    // A resent counter would be counted twice, and here nothing is lost without it.
    onUnconfirmed: 'drop',
    pacing: false,
    connectTimeoutMillis: CONNECT_MILLIS,
    confirmTimeoutMillis: CONFIRM_MILLIS,
    flushTimeoutMillis: CONNECT_MILLIS + CONFIRM_MILLIS,
    // The answer is known by then; what is left is not worth waiting for.
    shutdownTimeoutMillis: 1,
  };
}

function hasTrouble({ connectFailures, disconnects, udpRefused, dnsFailures }: StatsdExporterStats): boolean {
  return (
    Object.keys(connectFailures).length > 0 ||
    Object.keys(disconnects).length > 0 ||
    udpRefused + dnsFailures > 0
  );
}

function pause(millis: number, clock: Clock): Promise<void> {
  return new Promise((resolve) => clock.after(millis, resolve, { holdProcess: true }));
}
