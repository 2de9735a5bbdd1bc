// The names that the preset gives: which attribute is at which position, for each metric of the conventions.
import { describe, expect, it } from 'vitest';
import { dialects } from '../../../../src/mapping/dialects/index.js';
import { namePresets } from '../../../../src/mapping/naming/presets/index.js';
import { counter, mapOnce, point } from '../../../support/mapping.js';

const HTTP_SERVER = 'http.request.method http.route http.response.status_code';
const OLD_HTTP_SERVER = 'http.method http.route http.status_code';
const HTTP_CLIENT = 'server.address http.request.method http.response.status_code';
const OLD_HTTP_CLIENT = 'net.peer.name http.method http.status_code';
const RPC = 'rpc.service rpc.method rpc.response.status_code';
const GRPC = 'rpc.service rpc.method rpc.grpc.status_code';
const CONNECT_RPC = 'rpc.service rpc.method rpc.connect_rpc.error_code';
const DB = 'db.system.name db.namespace db.operation.name';
const OLD_DB = 'db.system db.name db.operation';
const POOL = 'db.client.connection.pool.name';
const POOLS = 'db.client.connections.pool.name';
const MESSAGING = 'messaging.destination.name messaging.operation.name';
const MESSAGING_TEMPLATE = 'messaging.destination.template messaging.operation';
const FAAS = 'faas.trigger';
const GEN_AI = 'gen_ai.request.model gen_ai.operation.name';
const OLD_GEN_AI = 'gen_ai.response.model gen_ai.operation.name';
const HEAP_SPACE = 'v8js.heap.space.name';
const DISK_DIRECTION = 'disk.io.direction';
const NETWORK_DIRECTION = 'network.io.direction';
const DEVICE = 'system.device.name';
const CONNECTION = 'network.transport network.connection.state';
const OLD_CONNECTION = 'network.transport system.network.state';

/** Of a metric, the attributes by position: those of now, then those of earlier conventions. Others are removed. */
const MERGED: Readonly<Record<string, readonly string[]>> = {
  'http.server.request.duration': [HTTP_SERVER, OLD_HTTP_SERVER],
  'http.server.request.body.size': [HTTP_SERVER, OLD_HTTP_SERVER],
  'http.server.response.body.size': [HTTP_SERVER, OLD_HTTP_SERVER],
  'http.server.active_requests': ['http.request.method', 'http.method'],
  'http.client.request.duration': [HTTP_CLIENT, OLD_HTTP_CLIENT],
  'http.client.request.body.size': [HTTP_CLIENT, OLD_HTTP_CLIENT],
  'http.client.response.body.size': [HTTP_CLIENT, OLD_HTTP_CLIENT],
  'http.client.active_requests': ['server.address http.request.method', 'net.peer.name http.method'],
  'http.client.open_connections': ['server.address http.connection.state'],
  'http.client.connection.duration': ['server.address', 'net.peer.name'],
  'http.server.duration': [HTTP_SERVER, OLD_HTTP_SERVER],
  'http.server.request.size': [HTTP_SERVER, OLD_HTTP_SERVER],
  'http.server.response.size': [HTTP_SERVER, OLD_HTTP_SERVER],
  'http.client.duration': [HTTP_CLIENT, OLD_HTTP_CLIENT],
  'http.client.request.size': [HTTP_CLIENT, OLD_HTTP_CLIENT],
  'http.client.response.size': [HTTP_CLIENT, OLD_HTTP_CLIENT],
  ...Object.fromEntries(
    ['server', 'client'].flatMap((side) => [
      [
        `rpc.${side}.call.duration`,
        ['rpc.method rpc.response.status_code', 'rpc.method rpc.grpc.status_code'],
      ],
      ...['duration', 'request.size', 'response.size', 'requests_per_rpc', 'responses_per_rpc'].map(
        (name) => [`rpc.${side}.${name}`, [RPC, GRPC, CONNECT_RPC]],
      ),
    ]),
  ),
  'db.client.operation.duration': [DB, OLD_DB],
  'db.client.response.returned_rows': [DB, OLD_DB],
  'db.client.connection.count': [
    `${POOL} db.client.connection.state`,
    `${POOLS} db.client.connections.state`,
    'pool.name state',
  ],
  'db.client.connection.wait_time': [POOL, POOLS, 'pool.name'],
  'db.client.connections.usage': [
    `${POOL} db.client.connection.state`,
    `${POOLS} db.client.connections.state`,
    'pool.name state',
  ],
  'db.client.connections.wait_time': [POOL, POOLS, 'pool.name'],
  'messaging.client.operation.duration': [MESSAGING, MESSAGING_TEMPLATE],
  'messaging.client.sent.messages': [MESSAGING, MESSAGING_TEMPLATE],
  'messaging.client.published.messages': [MESSAGING, MESSAGING_TEMPLATE],
  'messaging.client.consumed.messages': [MESSAGING, MESSAGING_TEMPLATE],
  'messaging.process.duration': [MESSAGING, MESSAGING_TEMPLATE],
  'messaging.process.messages': [MESSAGING, MESSAGING_TEMPLATE],
  'messaging.publish.duration': [MESSAGING, MESSAGING_TEMPLATE],
  'messaging.publish.messages': [MESSAGING, MESSAGING_TEMPLATE],
  'messaging.receive.duration': [MESSAGING, MESSAGING_TEMPLATE],
  'messaging.receive.messages': [MESSAGING, MESSAGING_TEMPLATE],
  'faas.invoke_duration': [FAAS],
  'faas.init_duration': [FAAS],
  'faas.coldstarts': [FAAS],
  'faas.errors': [FAAS],
  'faas.invocations': [FAAS],
  'faas.timeouts': [FAAS],
  'faas.mem_usage': [FAAS],
  'faas.cpu_usage': [FAAS],
  'faas.net_io': [FAAS],
  'gen_ai.client.operation.duration': [GEN_AI, OLD_GEN_AI],
  'gen_ai.client.operation.time_per_output_chunk': [GEN_AI, OLD_GEN_AI],
  'gen_ai.client.operation.time_to_first_chunk': [GEN_AI, OLD_GEN_AI],
  'gen_ai.client.token.usage': [`${GEN_AI} gen_ai.token.type`, `${OLD_GEN_AI} gen_ai.token.type`],
  'nodejs.eventloop.time': ['nodejs.eventloop.state'],
  'v8js.gc.duration': ['v8js.gc.type'],
  'process.cpu.time': ['cpu.mode', 'process.cpu.state', 'system.cpu.state'],
  'process.disk.io': [DISK_DIRECTION, NETWORK_DIRECTION],
  'process.network.io': [NETWORK_DIRECTION, DISK_DIRECTION],
  'process.context_switches': ['process.context_switch.type'],
  'process.paging.faults': ['system.paging.fault.type', 'process.paging.fault_type', 'system.paging.type'],
  'system.cpu.time': ['cpu.mode', 'process.cpu.state', 'system.cpu.state'],
  'system.paging.faults': ['system.paging.fault.type', 'process.paging.fault_type', 'system.paging.type'],
  'system.paging.operations': [
    'system.paging.fault.type system.paging.direction',
    'system.paging.type system.paging.direction',
  ],
  'system.disk.io_time': [DEVICE, 'system.device'],
  'system.disk.limit': [DEVICE, 'system.device'],
  'system.disk.operations': [`${DEVICE} ${DISK_DIRECTION}`, `system.device ${DISK_DIRECTION}`],
  'system.filesystem.usage': [
    'system.filesystem.mountpoint system.filesystem.state',
    `${DEVICE} system.filesystem.state`,
    'system.device system.filesystem.state',
  ],
  'system.filesystem.utilization': [
    'system.filesystem.mountpoint system.filesystem.state',
    `${DEVICE} system.filesystem.state`,
    'system.device system.filesystem.state',
  ],
  'system.filesystem.limit': ['system.filesystem.mountpoint', DEVICE, 'system.device'],
  'system.network.connections': [CONNECTION, OLD_CONNECTION],
  'system.network.connection.count': [CONNECTION, OLD_CONNECTION],
  'system.network.errors': [
    `network.interface.name ${NETWORK_DIRECTION}`,
    `${DEVICE} ${NETWORK_DIRECTION}`,
    `system.device ${NETWORK_DIRECTION}`,
  ],
  'system.process.count': ['process.status', 'system.process.status', 'system.processes.status'],
};

/** The same of metrics whose other attributes stay behind those with a position. */
const KEPT: Readonly<Record<string, readonly string[]>> = {
  'nodejs.eventloop.delay.max': [''],
  'v8js.memory.heap.used': [HEAP_SPACE],
  'v8js.heap.space.available_size': [HEAP_SPACE],
  'v8js.resource.active': ['v8js.resource.type'],
  'process.cpu.utilization': ['cpu.mode', 'process.cpu.state', 'system.cpu.state'],
  'process.memory.usage': [''],
  'system.cpu.utilization': [
    'cpu.logical_number cpu.mode',
    'system.cpu.logical_number process.cpu.state',
    'cpu.logical_number system.cpu.state',
  ],
  'system.cpu.frequency': ['cpu.logical_number', 'system.cpu.logical_number'],
  'system.memory.usage': ['system.memory.state'],
  'system.memory.utilization': ['system.memory.state'],
  'system.paging.usage': [`${DEVICE} system.paging.state`, 'system.device system.paging.state'],
  'system.paging.utilization': [`${DEVICE} system.paging.state`, 'system.device system.paging.state'],
  'system.uptime': [''],
};

/** Each attribute has its own key as its value. */
function lineOf(metric: string, positions: string): string | undefined {
  const keys = positions.split(' ').filter(Boolean);
  const attributes = Object.fromEntries([...keys, 'other'].map((key) => [key, key]));
  const { lines } = mapOnce(dialects.statsd, [counter([point(1, { attributes })], { name: metric })], {
    names: namePresets.semconv,
  });
  return lines.join('\n');
}

function expectedLine(metric: string, positions: string, rest: string): string {
  const segments = positions.split(' ').filter(Boolean);
  return `${[metric, ...segments.map((key) => key.replaceAll('.', '_'))].join('.')}${rest}:1|c`;
}

describe('the preset semconv', () => {
  it.each(Object.entries(MERGED))(
    '%s has the attributes %j at fixed positions, and no others',
    (metric, all) => {
      expect(all.map((positions) => lineOf(metric, positions))).toEqual(
        all.map((positions) => expectedLine(metric, positions, '')),
      );
    },
  );

  it.each(Object.entries(KEPT))(
    '%s has the attributes %j at fixed positions, and the others behind',
    (metric, all) => {
      expect(all.map((positions) => lineOf(metric, positions))).toEqual(
        all.map((positions) => expectedLine(metric, positions, '.other.other')),
      );
    },
  );

  it('keeps a position for each attribute that is missing', () => {
    const metrics = [...Object.entries(MERGED), ...Object.entries(KEPT)];
    const missing = metrics.map(([name]) => counter([point(1)], { name }));
    const { lines } = mapOnce(dialects.statsd, missing, { names: namePresets.semconv });
    expect(lines).toEqual(
      metrics.map(([name, [positions = '']]) => {
        const count = positions.split(' ').filter(Boolean).length;
        return `${name}${'.none'.repeat(count)}:1|c`;
      }),
    );
  });
});
