// AWS Lambda freezes the process after each invocation, so each one flushes before it answers. Over TCP nothing stays
// open in between: a frozen connection would be a broken one.
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { StatsdExporter } from 'opentelemetry-exporter-statsd';

const exporter = new StatsdExporter({
  endpoint: process.env.ENDPOINT ?? 'tcp://statsd.internal:8125',
  prefix: 'lambda.checkout',
  // The invocation waits no longer than this for an absent server; what is left goes with the next.
  flushTimeoutMillis: 1_000,
  // What an absent server left over: with an extension, Lambda sends SIGTERM before it ends the process; without, SIGKILL.
  flushOn: ['SIGTERM'],
});
const provider = new MeterProvider({ readers: [new PeriodicExportingMetricReader({ exporter })] });
const meter = provider.getMeter('checkout');
const orders = meter.createCounter('orders');
const coldStarts = meter.createCounter('cold_starts');
coldStarts.add(1);

export async function handler(event) {
  try {
    orders.add(event.items.length);
    return { statusCode: 201 };
  } finally {
    // Of the provider: it collects. forceFlush() of the exporter would send only what was collected before.
    await provider.forceFlush();
  }
}
