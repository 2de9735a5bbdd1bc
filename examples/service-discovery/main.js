// The StatsD server's address comes from Consul. It is asked before each connection over TCP, every 30 seconds over UDP
// and whenever sending fails; while Consul is away, the addresses known from before are used.
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { StatsdExporter } from 'opentelemetry-exporter-statsd';

const consul = process.env.CONSUL_HTTP_ADDR ?? 'http://127.0.0.1:8500';

async function healthyAddresses(service) {
  const response = await fetch(`${consul}/v1/health/service/${service}?passing=true`);
  if (!response.ok) throw new Error(`Consul answers ${response.status}`);
  const instances = await response.json();
  return instances.map(({ Node, Service }) => ({ address: Service.Address || Node.Address, family: 4 }));
}

const exporter = new StatsdExporter({
  endpoint: process.env.ENDPOINT ?? 'tcp://statsd.service.consul:8125',
  // As dns.lookup() with `all: true`. A DNS SRV record fits in as well: dns.resolveSrv(), then its names' addresses.
  lookup(host, _options, callback) {
    healthyAddresses(host.split('.')[0]).then(
      (addresses) => callback(null, addresses),
      (error) => callback(error, []),
    );
  },
});
const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 10_000 });
const provider = new MeterProvider({ readers: [reader] });

provider.getMeter('shop').createCounter('orders').add(3, { country: 'fi' });
await provider.shutdown();
