// Sends the test metrics the way an app would, and waits for what can be known about their delivery.

import type { ResourceMetrics } from '@opentelemetry/sdk-metrics';
import type { StatsdExporterOptions } from '../../exporter/options/options.js';
import type { ResolvedOptions } from '../../exporter/options/resolve-options.js';
import { StatsdExporter } from '../../exporter/statsd-exporter.js';
import type { StatsdExporterStats } from '../../exporter/telemetry/stats.js';
import type { Dialect } from '../../mapping/dialects/dialect.js';
import type { Clock } from '../../runtime/clock.js';
import { type Destination, formatDestination } from '../../transport/endpoint/destination.js';
import { traitsOf } from '../../transport/endpoint/protocols.js';
import { type Configuration, lineOptions } from '../shared/configuration.js';
import { withWarnings } from '../shared/exported-lines.js';

export interface DeliveryTarget {
  readonly destination: Destination;
  readonly dialect: Dialect;
}

/** A server that takes longer needs attention, too. */
const CONNECT_MILLIS = 5_000;
const CONFIRM_MILLIS = 5_000;
/** A refusal takes a round trip, which may be longer than usual. */
const REFUSAL_DELAYS = 5;
const LOOK_AGAIN_MILLIS = 20;

/** The exporter's counts when everything had been sent, or at the first failure. */
export async function sendTestMetrics(
  configuration: Pick<Configuration, 'file' | 'resolved'>,
  metrics: ResourceMetrics,
  clock: Clock,
): Promise<StatsdExporterStats> {
  const { resolved } = configuration;
  const exporter = new StatsdExporter({ ...lineOptions(configuration), ...deliveryOptions(resolved) });
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

function deliveryOptions({ delivery }: ResolvedOptions): StatsdExporterOptions {
  return {
    endpoint: formatDestination(delivery.destination),
    delivery: delivery.delivery,
    // A resent counter would be counted twice.
    onUnconfirmed: 'drop',
    pacing: false,
    connectTimeoutMillis: CONNECT_MILLIS,
    confirmTimeoutMillis: CONFIRM_MILLIS,
    flushTimeoutMillis: CONNECT_MILLIS + CONFIRM_MILLIS,
    // The outcome is known by then.
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
