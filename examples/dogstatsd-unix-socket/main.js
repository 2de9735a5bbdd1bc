// To the Datadog agent over its unix stream socket (dogstatsd_stream_socket in datadog.yaml), which loses nothing while
// the agent lives. For its datagram socket write unixgram:// and install the package unix-dgram.
import { resourceFromAttributes } from '@opentelemetry/resources';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { StatsdExporter } from 'opentelemetry-exporter-statsd';

const exporter = new StatsdExporter({
  dialect: 'dogstatsd',
  endpoint: process.env.ENDPOINT ?? 'unix:///var/run/datadog/dsd-stream.socket',
});
// Sent as the tags service, version and env, which is what Datadog's unified service tagging asks for.
const resource = resourceFromAttributes({
  'service.name': 'shop',
  'service.version': '1.4.0',
  'deployment.environment.name': 'production',
});
const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 10_000 });
const provider = new MeterProvider({ resource, readers: [reader] });

const meter = provider.getMeter('shop');
meter.createCounter('orders').add(3, { country: 'fi' });
meter.createUpDownCounter('carts.open').add(7);

// A distribution: equal values become one with a weight, and Datadog computes percentiles over all hosts.
const latency = meter.createHistogram('checkout.duration', { unit: 's' });
for (const seconds of [0.125, 0.25, 0.25, 0.5]) latency.record(seconds);

await provider.shutdown();
