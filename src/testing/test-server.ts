import { randomUUID } from 'node:crypto';
import { mkdtemp, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Listener, type ListenerCounts, listen, NO_COUNTS } from '../listener/listener.js';
import { lossTexts } from '../listener/losses.js';
import type { Dialect } from '../mapping/dialects/dialect.js';
import { type DialectName, dialectOf } from '../mapping/dialects/index.js';
import type { Sample } from '../mapping/lines/parse-line.js';
import { didYouMean } from '../runtime/did-you-mean.js';
import { printable } from '../runtime/printable.js';
import { expectedSocketPath, isNamedPipe } from '../runtime/socket-path.js';
import { clearTimeout, setTimeout } from '../runtime/timers.js';
import { type Endpoint, formatEndpoint } from '../transport/endpoint/endpoint.js';
import { isPathProtocol } from '../transport/endpoint/protocols.js';
import { framingOf } from '../transport/packing/framing.js';
import { Receiver, receivedText } from './received.js';

export interface StatsdTestServerOptions {
  /** Default `udp`. */
  readonly protocol?: 'udp' | 'tcp' | 'unix' | undefined;
  /** The rules that lines are read by: a name or a record. Default `statsd`. */
  readonly dialect?: DialectName | Dialect | undefined;
  /** Port of 127.0.0.1; default: a free one. */
  readonly port?: number | undefined;
  /**
   * With `unix`: path of the socket file; default one in a new temporary folder, which `stop()` removes. On Windows a named
   * pipe; default one with a new name.
   */
  readonly path?: string | undefined;
  /** Estimated memory of the lines that are kept; further ones are counted in `droppedLines`. Default 256 MiB. */
  readonly maxBytes?: number | undefined;
}

/** What to wait for: a number of lines, a sample with this name, or a condition. */
export type WaitTarget = number | string | ((server: StatsdTestServer) => boolean);

const DEFAULT_TIMEOUT_MILLIS = 5_000;

/** Node.js makes one millisecond of a longer timer. */
const LONGEST_TIMER_MILLIS = 2 ** 31 - 1;

/** Names that a mistyped one is compared with. */
const MAX_COMPARED_NAMES = 1_000;

/** In a folder of its own; a named pipe has none, and ends with its server. */
async function newSocketPath(): Promise<string> {
  if (process.platform === 'win32') return `\\\\.\\pipe\\statsd-${randomUUID()}`;
  return join(await mkdtemp(join(tmpdir(), 'statsd-')), 'statsd.sock');
}

/**
 * A StatsD server for tests that keeps what it receives, up to `maxBytes`:
 *
 * ```ts
 * await using server = await StatsdTestServer.start();
 * const exporter = new StatsdExporter({ endpoint: server.endpoint });
 * // record, flush, then
 * await server.waitFor('orders.country.fi');
 * expect(server.totals().counters).toEqual({ 'orders.country.fi': 1 });
 * ```
 */
export class StatsdTestServer extends Receiver {
  readonly #ownFolder: string | undefined;
  #endpoint: Endpoint;
  #listener: Listener | undefined;
  #waiting = new Set<() => void>();
  /** Of the listeners before. */
  #earlierCounts: ListenerCounts = NO_COUNTS;
  /** The restarts and stops so far: one after the other. */
  #changes: Promise<void> = Promise.resolve();

  private constructor(
    dialect: Dialect,
    endpoint: Endpoint,
    { ownFolder, maxBytes }: { ownFolder?: string | undefined; maxBytes: number | undefined },
  ) {
    super(dialect, maxBytes);
    this.#endpoint = endpoint;
    this.#ownFolder = ownFolder;
  }

  /** Resolves when the server can be sent to; rejects when the port or path is taken. */
  static async start(options: StatsdTestServerOptions = {}): Promise<StatsdTestServer> {
    const { protocol = 'udp', dialect = 'statsd', port = 0, path, maxBytes } = options;
    const record = dialectOf(dialect);
    checkAddress(options);
    let server: StatsdTestServer;
    if (isPathProtocol(protocol)) {
      const own = path === undefined ? await newSocketPath() : path;
      const ownFolder = path === undefined && !isNamedPipe(own) ? dirname(own) : undefined;
      server = new StatsdTestServer(record, { protocol, path: own }, { ownFolder, maxBytes });
    } else {
      server = new StatsdTestServer(record, { protocol, host: '127.0.0.1', port }, { maxBytes });
    }
    try {
      await server.#listen();
    } catch (error) {
      await server.stop();
      throw error;
    }
    return server;
  }

  /** The exporter's option `endpoint`, for example `udp://127.0.0.1:41234`. A restart keeps it. */
  get endpoint(): string {
    return formatEndpoint(this.#endpoint);
  }

  /** Unfinished lines at the end of a connection; they are in no other list. */
  get cutLines(): number {
    return this.#counts().cutLines;
  }

  /** Connections closed at once: more than 1,024 were open, or the process had no file descriptor left. */
  get refusedConnections(): number {
    const { refusedConnections, failedConnections } = this.#counts();
    return refusedConnections + failedConnections;
  }

  /**
   * Resolves once the target has arrived: that many lines, a sample with that name (then with all samples of it), or a
   * state for which the function returns true. Resolves at once if it has already arrived. Rejects after
   * `timeoutMillis` (default 5000) with a message that shows what did arrive, and when the server is stopped.
   */
  async waitFor(
    awaited: WaitTarget,
    { timeoutMillis = DEFAULT_TIMEOUT_MILLIS }: { readonly timeoutMillis?: number | undefined } = {},
  ): Promise<readonly Sample[]> {
    const arrived = this.#arrival(awaited);
    let isTooLate = false;
    const timer = setTimeout(
      () => {
        isTooLate = true;
        this.#changed();
      },
      Math.min(timeoutMillis, LONGEST_TIMER_MILLIS),
    );
    try {
      while (!arrived()) {
        if (this.#listener === undefined) throw new Error(this.#missed(awaited, 'the server was stopped'));
        if (this.droppedLines > 0) throw new Error(this.#missed(awaited, 'no more lines are kept'));
        if (isTooLate) throw new Error(this.#missed(awaited, `${timeoutMillis} ms have passed`));
        await new Promise<void>((resolve) => this.#waiting.add(resolve));
      }
    } finally {
      clearTimeout(timer);
    }
    return this.samples.filter(({ name }) => typeof awaited !== 'string' || name === awaited);
  }

  /** Stops and starts listening at the same endpoint; received lines are kept. */
  restart(): Promise<void> {
    return this.#change(async () => {
      await this.#close();
      await this.#listen();
    });
  }

  /** Stops listening and closes open connections; received lines can still be read. Idempotent. */
  stop(): Promise<void> {
    return this.#change(async () => {
      await this.#close();
      // Its socket is gone with the listener. A second stop() finds no folder.
      if (this.#ownFolder !== undefined) await rmdir(this.#ownFolder).catch(() => {});
      this.#changed();
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #listen(): Promise<void> {
    this.#listener = await listen({
      endpoint: this.#endpoint,
      framing: framingOf(this.#endpoint.protocol, this.dialect),
      onLine: (line) => {
        this.add(line);
        this.#changed();
      },
    });
    this.#endpoint = this.#listener.endpoint;
  }

  async #close(): Promise<void> {
    const listener = this.#listener;
    this.#listener = undefined;
    if (listener === undefined) return;
    await listener.close();
    this.#earlierCounts = sumOf(this.#earlierCounts, listener.counts());
  }

  #change(run: () => Promise<void>): Promise<void> {
    const changed = this.#changes.then(run);
    this.#changes = changed.catch(() => {});
    return changed;
  }

  #counts(): ListenerCounts {
    return sumOf(this.#earlierCounts, this.#listener?.counts() ?? NO_COUNTS);
  }

  #changed(): void {
    const waiting = this.#waiting;
    this.#waiting = new Set();
    for (const resolve of waiting) resolve();
  }

  #arrival(awaited: WaitTarget): () => boolean {
    if (typeof awaited === 'number') return () => this.lines.length >= awaited;
    if (typeof awaited !== 'string') return () => awaited(this);
    // Samples are looked at once, however many lines arrive one by one.
    let looked = 0;
    let first: Sample | undefined;
    return () => {
      const { samples } = this;
      // clear() was called.
      if (samples[0] !== first) looked = 0;
      first = samples[0];
      while (looked < samples.length) {
        looked += 1;
        if (samples[looked - 1]?.name === awaited) return true;
      }
      return false;
    };
  }

  #missed(awaited: WaitTarget, end: string): string {
    const losses = lossTexts(this.#counts());
    const hint =
      this.lines.length === 0 ? `; is the exporter's endpoint ${this.endpoint}, and was it flushed?` : '';
    return `waited for ${this.#awaitedText(awaited)}, but ${end}. So far ${[receivedText(this), ...losses].join('; ')}${hint}`;
  }

  #awaitedText(awaited: WaitTarget): string {
    if (typeof awaited === 'number') return `${awaited} lines`;
    if (typeof awaited !== 'string') return 'a condition to be met';
    const names = [...new Set(this.samples.map(({ name }) => name))].slice(0, MAX_COMPARED_NAMES);
    return `a sample named "${awaited}"${printable(didYouMean(awaited, names))}`;
  }
}

/** Longer paths are cut, and larger ports wrap, without an error of the system. */
function checkAddress({ protocol, port, path }: StatsdTestServerOptions): void {
  if (port !== undefined && !(Number.isInteger(port) && port >= 0 && port <= 65_535)) {
    throw new RangeError(`port must be a whole number from 0 to 65535, not ${port}`);
  }
  const expected = protocol === 'unix' && path !== undefined ? expectedSocketPath(path) : undefined;
  if (expected !== undefined) throw new RangeError(`path must be ${expected}, not "${path}"`);
}

function sumOf(a: ListenerCounts, b: ListenerCounts): ListenerCounts {
  const keys = Object.keys(NO_COUNTS) as (keyof ListenerCounts)[];
  return Object.fromEntries(keys.map((key) => [key, a[key] + b[key]])) as Record<
    keyof ListenerCounts,
    number
  >;
}
