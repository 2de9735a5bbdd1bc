// Where the page is served: on loopback alone, unless the command line names another address.

import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import { UsageError } from '../../shared/io.js';

export interface WebAddress {
  readonly host: string;
  /** 0 for any free one. */
  readonly port: number;
}

/** Beside 8125 of StatsD servers and 8126 of their administration and of Datadog's traces. */
export const DEFAULT_WEB_PORT = 8127;

const PORT_OR_ADDRESS = /^(?:(?:\[([0-9A-Fa-f:.]+)\]|([\w.-]+)):)?(\d{1,5})$/;

/** An option whose value may be missing, which node:util does not know: `--web`, `--web 8127`, `--web 0.0.0.0:8127`. */
export function withWebValue(args: readonly string[]): string[] {
  const given: string[] = [];
  for (let at = 0; at < args.length; at += 1) {
    if (args[at] !== '--web') {
      given.push(args[at]!);
    } else if (PORT_OR_ADDRESS.test(args[at + 1] ?? '')) {
      at += 1;
      given.push(`--web=${args[at]}`);
    } else {
      given.push(`--web=${DEFAULT_WEB_PORT}`);
    }
  }
  return given;
}

export function parseWebAddress(text: string): WebAddress {
  const [, ipv6, name, digits] = PORT_OR_ADDRESS.exec(text) ?? [];
  const port = Number(digits);
  if (digits === undefined || port > 65_535) {
    throw new UsageError(`--web takes a port, or an address and a port such as 0.0.0.0:8127, not "${text}"`);
  }
  return { host: ipv6 ?? name ?? '127.0.0.1', port };
}

/** Reached from this machine alone. */
export function isLoopback(host: string): boolean {
  return isIP(host) === 0 ? host.toLowerCase() === 'localhost' : /^(?:127\.|::1$)/.test(host);
}

/** The page's address, for people; with its token where there is one. */
export function webUrl(
  { host, port }: WebAddress,
  token: string | undefined,
  interfaces: Interfaces = networkInterfaces(),
): string {
  const shown = host === '0.0.0.0' || host === '::' ? externalAddress(interfaces) : host;
  const query = token === undefined ? '' : `?token=${token}`;
  return `http://${shown.includes(':') ? `[${shown}]` : shown}:${port}/${query}`;
}

type Interfaces = ReturnType<typeof networkInterfaces>;

/** An address under which others see this machine. */
function externalAddress(interfaces: Interfaces): string {
  const addresses = Object.values(interfaces).flatMap((each) => each ?? []);
  const found = addresses.find(({ internal, family }) => !internal && family === 'IPv4');
  return found?.address ?? '127.0.0.1';
}
