// Where lines go, put together from options and environment.

import type { Dialect } from '../../mapping/dialects/dialect.js';
import type { Destination } from '../../transport/endpoint/destination.js';
import { isPathProtocol, parseEndpoint } from '../../transport/endpoint/endpoint.js';
import type { EndpointParts } from './env.js';
import type { StatsdExporterOptions } from './options.js';

export function resolveDestination(
  options: StatsdExporterOptions,
  environment: readonly EndpointParts[],
  dialect: Dialect,
): Destination {
  if (options.stream !== undefined) return { protocol: 'stream', stream: options.stream };
  if (options.lines !== undefined) return { protocol: 'lines', sink: options.lines };
  return resolveEndpoint([endpointOption(options), ...environment], dialect);
}

function endpointOption({ endpoint, host, port, protocol, path }: StatsdExporterOptions): EndpointParts {
  return endpoint === undefined
    ? { host, port, protocol, path }
    : { isWhole: true, ...parseEndpoint(endpoint) };
}

/** Each part from the strongest source that names it, down to the first source that is a whole URL. */
function resolveEndpoint(sources: readonly EndpointParts[], dialect: Dialect): Destination {
  const relevant = relevantSources(sources);
  const first = <K extends keyof EndpointParts>(
    part: K,
    among: readonly EndpointParts[] = relevant,
  ): EndpointParts[K] | undefined => among.find((source) => source[part] !== undefined)?.[part];

  const decidesPath = decidingSource(relevant);
  if (decidesPath?.path !== undefined) {
    const { protocol, path } = decidesPath;
    return { protocol: protocol !== undefined && isPathProtocol(protocol) ? protocol : 'unix', path };
  }
  const hosts = relevant.filter(({ path }) => path === undefined);
  const protocol = first('protocol', hosts) ?? dialect.defaultProtocol;
  return {
    // Checked options and the environment name these protocols only together with a path.
    protocol: isPathProtocol(protocol) ? dialect.defaultProtocol : protocol,
    host: withoutBrackets(first('host', hosts) ?? '127.0.0.1'),
    port: first('port', hosts) ?? dialect.defaultPort,
  };
}

/** A whole URL leaves nothing for weaker sources to say. */
function relevantSources(sources: readonly EndpointParts[]): readonly EndpointParts[] {
  const wholeAt = sources.findIndex(({ isWhole }) => isWhole);
  return wholeAt < 0 ? sources : sources.slice(0, wholeAt + 1);
}

/** A path and a host exclude each other: the source that is strong enough to name either decides. */
function decidingSource(relevant: readonly EndpointParts[]): EndpointParts | undefined {
  return relevant.find(({ path, host, port, protocol }) =>
    [path, host, port, protocol].some((part) => part !== undefined),
  );
}

/** Which of the sources named a part of the destination; undefined when none did, so that it is a default. */
export function sourceOfPart(
  part: 'protocol' | 'host' | 'port' | 'path',
  options: StatsdExporterOptions,
  environment: readonly EndpointParts[],
): 'options' | number | undefined {
  const relevant = relevantSources([endpointOption(options), ...environment]);
  const deciding = decidingSource(relevant);
  const among = relevant.filter((source) =>
    deciding?.path === undefined ? source.path === undefined : source === deciding,
  );
  const found = among.find((source) => source[part] !== undefined);
  if (found === undefined) return undefined;
  const at = relevant.indexOf(found);
  return at === 0 ? 'options' : at - 1;
}

function withoutBrackets(host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1');
}
