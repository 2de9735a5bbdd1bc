// Where lines go, put together from options and environment.

import type { Dialect } from '../../mapping/dialects/dialect.js';
import type { Destination } from '../../transport/endpoint/destination.js';
import { parseEndpoint } from '../../transport/endpoint/endpoint.js';
import { type EndpointProtocol, isPathProtocol } from '../../transport/endpoint/protocols.js';
import { withoutBrackets } from './checks.js';
import type { EnvironmentSettings, FromVariable } from './environment.js';
import type { StatsdExporterOptions } from './options.js';

/** What a value comes from: `options`, or the name of an environment variable. */
export type Source = string;

interface Sourced<Value> {
  readonly value: Value;
  readonly source: Source;
}

/** The parts of a destination that options or environment name; the dialect has defaults for the others. */
export interface DestinationParts {
  readonly protocol?: Sourced<EndpointProtocol> | undefined;
  readonly host?: Sourced<string> | undefined;
  readonly port?: Sourced<number> | undefined;
  readonly path?: Sourced<string> | undefined;
}

/** What one source says; `isWhole` when weaker ones may not add to it. */
interface Candidate extends DestinationParts {
  readonly isWhole: boolean;
}

/** Strongest first. The variables of one family complete each other, and weaker families complete them. */
const FAMILIES: readonly (readonly string[])[] = [
  ['OTEL_EXPORTER_STATSD_ENDPOINT'],
  ['STATSD_HOST', 'STATSD_PORT', 'STATSD_PROTOCOL'],
  ['DD_DOGSTATSD_SOCKET'],
  ['DD_DOGSTATSD_URL'],
  ['DD_AGENT_HOST', 'DD_DOGSTATSD_PORT'],
];

/** Each part from the strongest source that names it, down to the first source that is a whole URL. */
export function destinationParts(
  options: StatsdExporterOptions,
  environment: EnvironmentSettings,
): DestinationParts {
  if (options.stream !== undefined || options.lines !== undefined) return {};
  const candidates = [
    optionCandidate(options),
    ...FAMILIES.map((variables) => variableCandidate(variables, environment)),
  ];
  const wholeAt = candidates.findIndex(({ isWhole }) => isWhole);
  const relevant = wholeAt < 0 ? candidates : candidates.slice(0, wholeAt + 1);

  // A path and a host exclude each other: the strongest source that names any part decides which of them it is.
  const decisive = relevant.find(({ path, host, port, protocol }) => path ?? host ?? port ?? protocol);
  if (decisive?.path !== undefined) return { protocol: decisive.protocol, path: decisive.path };
  const hosts = relevant.filter(({ path }) => path === undefined);
  const first = <K extends keyof DestinationParts>(part: K): DestinationParts[K] =>
    hosts.find((candidate) => candidate[part] !== undefined)?.[part];
  return { protocol: first('protocol'), host: first('host'), port: first('port') };
}

/** The source that decides which server is sent to; undefined when it is the default of the dialect. */
export function addressSource({ path, host, port }: DestinationParts): Source | undefined {
  return (path ?? host ?? port)?.source;
}

export function destinationOf(
  { stream, lines }: StatsdExporterOptions,
  { protocol, host, port, path }: DestinationParts,
  dialect: Dialect,
): Destination {
  if (stream !== undefined) return { protocol: 'stream', stream };
  if (lines !== undefined) return { protocol: 'lines', sink: lines };
  const named = protocol?.value;
  if (path !== undefined) {
    return { protocol: named !== undefined && isPathProtocol(named) ? named : 'unix', path: path.value };
  }
  return {
    // Checked options and the environment name these protocols only together with a path.
    protocol: named === undefined || isPathProtocol(named) ? dialect.defaultProtocol : named,
    host: withoutBrackets(host?.value ?? '127.0.0.1'),
    port: port?.value ?? dialect.defaultPort,
  };
}

function optionCandidate({ endpoint, ...parts }: StatsdExporterOptions): Candidate {
  if (endpoint !== undefined) return wholeCandidate(endpoint, 'options');
  return { isWhole: false, ...sourcedParts(parts, 'options') };
}

function variableCandidate(variables: readonly string[], environment: EnvironmentSettings): Candidate {
  const find = <Value>(settings: readonly FromVariable<Value>[]): Sourced<Value> | undefined => {
    const found = settings.find(({ variable }) => variables.includes(variable));
    return found && { value: found.value, source: found.variable };
  };
  const endpoint = find(environment.endpoint);
  if (endpoint !== undefined) return wholeCandidate(endpoint.value, endpoint.source);
  return {
    isWhole: false,
    protocol: find(environment.protocol),
    host: find(environment.host),
    port: find(environment.port),
  };
}

function wholeCandidate(url: string, source: Source): Candidate {
  return { isWhole: true, ...sourcedParts(parseEndpoint(url) ?? {}, source) };
}

function sourcedParts(
  { protocol, host, port, path }: Pick<StatsdExporterOptions, 'protocol' | 'host' | 'port' | 'path'>,
  source: Source,
): DestinationParts {
  const sourced = <Value>(value: Value | undefined): Sourced<Value> | undefined =>
    value === undefined ? undefined : { value, source };
  return { protocol: sourced(protocol), host: sourced(host), port: sourced(port), path: sourced(path) };
}
