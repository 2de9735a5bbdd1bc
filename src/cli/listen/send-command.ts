// One command of a shell that sends a line to where `listen` listens.

import type { Dialect } from '../../mapping/dialects/dialect.js';
import { parseEndpoint } from '../../transport/endpoint/endpoint.js';
import { PROTOCOLS } from '../../transport/endpoint/protocols.js';
import { framingOf } from '../../transport/packing/framing.js';

/** Undefined where a line alone cannot be read: frames have their length before them. */
export function sendCommand(endpoint: string, dialect: Dialect): string | undefined {
  const parsed = parseEndpoint(endpoint);
  if (parsed === undefined || framingOf(parsed.protocol, dialect) !== 'newline') return undefined;
  const line = dialect.line === 'statsd' ? "echo 'hello:1|c'" : 'echo "hello 1 $(date +%s)"';
  if ('path' in parsed) {
    // Quotes in a path would need more than quotes around it.
    return parsed.path.includes("'") ? undefined : `${line} | nc -w1 -U '${parsed.path}'`;
  }
  const host = ALL_ADDRESSES[parsed.host] ?? parsed.host;
  const flags = PROTOCOLS[parsed.protocol].kind === 'datagram' ? '-u -w1' : '-w1';
  return `${line} | nc ${flags} ${host} ${parsed.port}`;
}

const ALL_ADDRESSES: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' };
