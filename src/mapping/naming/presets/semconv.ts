// Names for the metrics of OpenTelemetry's semantic conventions 1.45, and the names that they had before, by the
// attributes that instrumentations for Node.js record. Each attribute has a fixed position, so that a dashboard can
// match it.

import type { NameRule } from '../naming-rules.js';

/** A naming table without functions. */
type Templates = Readonly<Record<string, string | NameRule>>;

/** The attributes of the template stay; series that become one by it are merged. */
const only = (name: string): NameRule => ({ name, attributes: [] });

const METHOD = '{http.request.method|http.method|none}';
const STATUS = '{http.response.status_code|http.status_code|none}';
const SERVER = '{server.address|net.peer.name|none}';

const httpServer = only(`{name}.${METHOD}.{http.route|none}.${STATUS}`);
const httpClient = only(`{name}.${SERVER}.${METHOD}.${STATUS}`);

const http: Templates = {
  'http.server.request.duration': httpServer,
  'http.server.request.body.size': httpServer,
  'http.server.response.body.size': httpServer,
  'http.server.active_requests': only(`{name}.${METHOD}`),
  'http.client.request.duration': httpClient,
  'http.client.request.body.size': httpClient,
  'http.client.response.body.size': httpClient,
  'http.client.active_requests': only(`{name}.${SERVER}.${METHOD}`),
  'http.client.open_connections': only(`{name}.${SERVER}.{http.connection.state|none}`),
  'http.client.connection.duration': only(`{name}.${SERVER}`),
  // Before 1.23.
  'http.server.duration': httpServer,
  'http.server.request.size': httpServer,
  'http.server.response.size': httpServer,
  'http.client.duration': httpClient,
  'http.client.request.size': httpClient,
  'http.client.response.size': httpClient,
};

const RPC_METHOD = '{rpc.service|none}.{rpc.method|none}';
const RPC_STATUS = '{rpc.response.status_code|rpc.grpc.status_code|rpc.connect_rpc.error_code|none}';

function rpc(side: 'client' | 'server'): Templates {
  const call = only(`{name}.${RPC_METHOD}.${RPC_STATUS}`);
  return {
    // Its rpc.method holds the service.
    [`rpc.${side}.call.duration`]: only(`{name}.{rpc.method|none}.${RPC_STATUS}`),
    [`rpc.${side}.duration`]: call,
    [`rpc.${side}.request.size`]: call,
    [`rpc.${side}.response.size`]: call,
    [`rpc.${side}.requests_per_rpc`]: call,
    [`rpc.${side}.responses_per_rpc`]: call,
  };
}

const dbOperation = only(
  '{name}.{db.system.name|db.system|none}.{db.namespace|db.name|none}.{db.operation.name|db.operation|none}',
);
const POOL = '{db.client.connection.pool.name|db.client.connections.pool.name|pool.name|none}';
const POOL_STATE = '{db.client.connection.state|db.client.connections.state|state|none}';

const db: Templates = {
  'db.client.operation.duration': dbOperation,
  'db.client.response.returned_rows': dbOperation,
  'db.client.connection.count': only(`{name}.${POOL}.${POOL_STATE}`),
  'db.client.connection.*': only(`{name}.${POOL}`),
  // Before 1.27.
  'db.client.connections.usage': only(`{name}.${POOL}.${POOL_STATE}`),
  'db.client.connections.*': only(`{name}.${POOL}`),
};

const messaging = only(
  '{name}.{messaging.destination.template|messaging.destination.name|none}.{messaging.operation.name|messaging.operation|none}',
);
const faas = only('{name}.{faas.trigger|none}');
const GEN_AI = '{gen_ai.request.model|gen_ai.response.model|none}.{gen_ai.operation.name|none}';

const services: Templates = {
  'messaging.client.operation.duration': messaging,
  'messaging.client.sent.messages': messaging,
  'messaging.client.published.messages': messaging,
  'messaging.client.consumed.messages': messaging,
  'messaging.process.duration': messaging,
  'messaging.process.messages': messaging,
  'messaging.publish.duration': messaging,
  'messaging.publish.messages': messaging,
  'messaging.receive.duration': messaging,
  'messaging.receive.messages': messaging,
  'faas.invoke_duration': faas,
  'faas.init_duration': faas,
  'faas.coldstarts': faas,
  'faas.errors': faas,
  'faas.invocations': faas,
  'faas.timeouts': faas,
  'faas.mem_usage': faas,
  'faas.cpu_usage': faas,
  'faas.net_io': faas,
  'gen_ai.client.operation.duration': only(`{name}.${GEN_AI}`),
  'gen_ai.client.operation.time_per_output_chunk': only(`{name}.${GEN_AI}`),
  'gen_ai.client.operation.time_to_first_chunk': only(`{name}.${GEN_AI}`),
  'gen_ai.client.token.usage': only(`{name}.${GEN_AI}.{gen_ai.token.type|none}`),
};

const CPU_MODE = '{cpu.mode|process.cpu.state|system.cpu.state|none}';
const DIRECTION = '{disk.io.direction|network.io.direction|none}';
const FAULT_TYPE = '{system.paging.fault.type|process.paging.fault_type|system.paging.type|none}';
const DEVICE = '{network.interface.name|system.device.name|system.device|none}';
const FILESYSTEM = '{system.filesystem.mountpoint|system.device.name|system.device|none}';

/** Gauges keep all attributes: of those that differ in a removed one, only the newest would be sent. */
const runtime: Templates = {
  'nodejs.eventloop.time': only('{name}.{nodejs.eventloop.state|none}'),
  'nodejs.eventloop.*': '{name}',
  'v8js.gc.duration': only('{name}.{v8js.gc.type|none}'),
  'v8js.memory.heap.*': '{name}.{v8js.heap.space.name|none}',
  'v8js.heap.space.*': '{name}.{v8js.heap.space.name|none}',
  'v8js.resource.active': '{name}.{v8js.resource.type|none}',
  'process.cpu.time': only(`{name}.${CPU_MODE}`),
  'process.cpu.utilization': `{name}.${CPU_MODE}`,
  'process.disk.*': only(`{name}.${DIRECTION}`),
  'process.network.io': only(`{name}.${DIRECTION}`),
  'process.context_switches': only('{name}.{process.context_switch.type|none}'),
  'process.paging.faults': only(`{name}.${FAULT_TYPE}`),
  'process.*': '{name}',
};

const system: Templates = {
  // Summed over processors; the utilization is one gauge for each.
  'system.cpu.time': only(`{name}.${CPU_MODE}`),
  'system.cpu.utilization': `{name}.{cpu.logical_number|system.cpu.logical_number|none}.${CPU_MODE}`,
  'system.cpu.frequency': '{name}.{cpu.logical_number|system.cpu.logical_number|none}',
  'system.memory.usage': '{name}.{system.memory.state|none}',
  'system.memory.utilization': '{name}.{system.memory.state|none}',
  'system.paging.usage': `{name}.${DEVICE}.{system.paging.state|none}`,
  'system.paging.utilization': `{name}.${DEVICE}.{system.paging.state|none}`,
  'system.paging.faults': only(`{name}.${FAULT_TYPE}`),
  'system.paging.operations': only(`{name}.${FAULT_TYPE}.{system.paging.direction|none}`),
  'system.disk.io_time': only(`{name}.${DEVICE}`),
  'system.disk.limit': only(`{name}.${DEVICE}`),
  'system.disk.*': only(`{name}.${DEVICE}.${DIRECTION}`),
  'system.filesystem.usage': only(`{name}.${FILESYSTEM}.{system.filesystem.state|none}`),
  'system.filesystem.utilization': only(`{name}.${FILESYSTEM}.{system.filesystem.state|none}`),
  'system.filesystem.limit': only(`{name}.${FILESYSTEM}`),
  'system.network.connections': only(
    '{name}.{network.transport|none}.{network.connection.state|system.network.state|none}',
  ),
  'system.network.connection.count': only(
    '{name}.{network.transport|none}.{network.connection.state|system.network.state|none}',
  ),
  'system.network.*': only(`{name}.${DEVICE}.${DIRECTION}`),
  'system.process.count': only('{name}.{process.status|system.process.status|system.processes.status|none}'),
  'system.*': '{name}',
};

export const templates: Templates = {
  ...http,
  ...rpc('server'),
  ...rpc('client'),
  ...db,
  ...services,
  ...runtime,
  ...system,
};
