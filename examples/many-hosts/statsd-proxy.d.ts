// statsd's own proxy.js as a child process, as far as the example and the tests use it.
import type { StatsdDaemon } from '../demo/statsd-daemon.js';

export interface StatsdProxy {
  readonly host: '127.0.0.1';
  /** UDP, or TCP with `server: './servers/tcp'`. */
  readonly port: number;
  readonly pid: number;
  /** All it has written to stdout and stderr. */
  readonly output: string;

  /** Has the proxy check the health of all daemons now; resolves when it has put the daemon back into its ring, or taken it out. */
  checkUntil(change: 'Adding' | 'Removing', daemon: { host: string; udpPort: number }): Promise<void>;
  /**
   * Resolves when these daemons have read all that was sent to the proxy over UDP before. Leaves gauges in them whose names
   * begin with `settled`. A daemon that is away must not be among them.
   */
  settle(daemons: readonly StatsdDaemon[]): Promise<void>;
  /** Resolves when the proxy has exited. */
  stop(): Promise<void>;
}

/** A daemon as the proxy needs it: where it reads lines, and where it says that it is alive. */
export interface ProxyNode {
  readonly host: string;
  readonly udpPort: number;
  readonly adminPort: number;
}

/** `config` adds to the proxy's configuration, e.g. `{ server: './servers/tcp' }`. */
export function startStatsdProxy(
  daemons: readonly ProxyNode[],
  config?: Readonly<Record<string, unknown>>,
): Promise<StatsdProxy>;
