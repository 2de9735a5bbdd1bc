// An OpenTelemetry Collector per host, which hands on by OTLP, and a gateway, which writes what it gets to a file.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installed } from '../../../scripts/interop/cache.js';
import { ChildServer } from '../harness/child-server.js';

export interface HostCollectorOptions {
  readonly protocol: 'udp' | 'tcp';
  /** Between two reports; default 1. */
  readonly aggregationSeconds?: number;
}

export function collectorProgram(): string {
  return join(installed('otel-collector')!.folder, 'otel-collector');
}

/** A Collector that was installed before this route existed has no OTLP. */
export function hasOtlp(): boolean {
  if (installed('otel-collector') === undefined) return false;
  const components = execFileSync(collectorProgram(), ['components'], { encoding: 'utf8' });
  return /name: otlp$/m.test(components);
}

/** The file that the gateway appends to. */
export function gatewayFile(gateway: ChildServer): string {
  return join(gateway.directory, 'out.json');
}

export async function startGateway(): Promise<ChildServer> {
  return start(
    'gateway',
    true,
    ({ directory, ports: [otlp] }) => `receivers:
  otlp: { protocols: { grpc: { endpoint: 127.0.0.1:${otlp} } } }
exporters:
  file: { path: ${directory}/out.json, append: true, flush_interval: 50ms }
service:
  telemetry: { metrics: { level: none } }
  pipelines:
    metrics: { receivers: [otlp], exporters: [file] }
`,
  );
}

/** It listens on its only port. */
export async function startHostCollector(
  gatewayPort: number,
  { protocol, aggregationSeconds = 1 }: HostCollectorOptions,
): Promise<ChildServer> {
  return start(
    'host-collector',
    protocol === 'tcp',
    ({ ports: [port] }) => `receivers:
  statsd:
    endpoint: 127.0.0.1:${port}
    transport: ${protocol}
    aggregation_interval: ${aggregationSeconds}s
    enable_ip_only_aggregation: true
    is_monotonic_counter: true
    timer_histogram_mapping:
      - { statsd_type: timing, observer_type: histogram, histogram: { max_size: 160 } }
      - { statsd_type: histogram, observer_type: histogram, histogram: { max_size: 160 } }
exporters:
  otlp_grpc:
    endpoint: 127.0.0.1:${gatewayPort}
    tls: { insecure: true }
    retry_on_failure: { initial_interval: 200ms, max_interval: 1s }
service:
  telemetry: { metrics: { level: none } }
  pipelines:
    metrics: { receivers: [statsd], exporters: [otlp_grpc] }
`,
  );
}

function start(
  name: string,
  isTcp: boolean,
  configuration: (launch: { directory: string; ports: readonly number[] }) => string,
): Promise<ChildServer> {
  return new ChildServer({
    name,
    ports: 1,
    tcpPorts: isTcp ? [0] : [],
    prepare(launch) {
      writeFileSync(join(launch.directory, 'collector.yml'), configuration(launch));
      return { program: collectorProgram(), args: ['--config', join(launch.directory, 'collector.yml')] };
    },
    isReady: (_, output) => output.includes('Everything is ready'),
  }).start();
}
