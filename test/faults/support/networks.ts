// Two networks of their own with a cable between them that can be cut: for faults that loopback does not have. Needs
// root and `ip netns`.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import type { StatsdExporterOptions } from '../../../src/exporter/options/options.js';
import type { StatsdExporterStats } from '../../../src/exporter/telemetry/stats.js';

export const SERVER_ADDRESS = '10.213.0.2';
const CLIENT_ADDRESS = '10.213.0.1';

/** A hardware address that no interface has: frames to it are sent and lost. */
const UNUSED_ADDRESS = '02:00:00:00:00:99';

export type Side = 'client' | 'server';

export class Networks {
  readonly #names = { client: `statsd-client-${process.pid}`, server: `statsd-server-${process.pid}` };

  constructor() {
    const { client, server } = this.#names;
    for (const name of [client, server]) ip('netns', 'add', name);
    onTestFinished(() => {
      for (const name of [client, server]) ip('netns', 'del', name);
    });
    ip('link', 'add', 'cable', 'netns', client, 'type', 'veth', 'peer', 'name', 'cable', 'netns', server);
    for (const [name, address] of [
      [client, CLIENT_ADDRESS],
      [server, SERVER_ADDRESS],
    ] as const) {
      ip('-n', name, 'addr', 'add', `${address}/24`, 'dev', 'cable');
      ip('-n', name, 'link', 'set', 'lo', 'up');
      ip('-n', name, 'link', 'set', 'cable', 'up');
    }
  }

  /** What to put before a command so that it runs on that side. */
  prefix(side: Side): readonly string[] {
    return ['ip', 'netns', 'exec', this.#names[side]];
  }

  /** From now on everything that is sent is lost, both ways, without a word. */
  drop(): void {
    this.#neighbours('replace', 'lladdr', UNUSED_ADDRESS, 'nud', 'permanent');
  }

  deliver(): void {
    this.#neighbours('del');
  }

  link(side: Side, state: 'up' | 'down'): void {
    ip('-n', this.#names[side], 'link', 'set', 'cable', state);
  }

  #neighbours(verb: string, ...what: string[]): void {
    ip('-n', this.#names.client, 'neigh', verb, SERVER_ADDRESS, ...what, 'dev', 'cable');
    ip('-n', this.#names.server, 'neigh', verb, CLIENT_ADDRESS, ...what, 'dev', 'cable');
  }
}

function ip(...args: string[]): void {
  execFileSync('ip', args, { stdio: 'pipe' });
}

const script = fileURLToPath(new URL('network-client.js', import.meta.url));

export interface NetworkClient {
  /** Exports further lines; resolves when the exporter has them. */
  send(lines: number): Promise<void>;
  /** Resolves with the stats when all of them are delivered, or the flush has missed its deadline. */
  flushed(): Promise<StatsdExporterStats>;
}

/** An exporter in the client's network; ends with the test. */
export function startNetworkClient(networks: Networks, options: StatsdExporterOptions): NetworkClient {
  const [command, ...args] = [...networks.prefix('client'), process.execPath, script];
  const child = spawn(command!, [...args, JSON.stringify(options)], { stdio: ['pipe', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const lines = createInterface({ input: child.stdout });
  const said: string[] = [];
  lines.on('line', (line) => said.push(line));
  const next = async (word: string): Promise<string> => {
    for (;;) {
      const line = said.shift();
      if (line?.startsWith(word)) return line;
      if (line === undefined) await once(lines, 'line');
    }
  };
  return {
    async send(count) {
      child.stdin.write(`${count}\n`);
      await next('exported');
    },
    flushed: async () => JSON.parse((await next('flushed')).slice('flushed '.length)),
  };
}
