import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Listener, listen } from '../listener/listener.js';
import type { Dialect } from '../mapping/dialects/dialect.js';
import { dialectOf } from '../mapping/dialects/dialect-of.js';
import type { DialectName } from '../mapping/dialects/index.js';
import type { Sample } from '../mapping/lines/parse-line.js';
import { closestMatch } from '../runtime/did-you-mean.js';
import { type Endpoint, formatEndpoint } from '../transport/endpoint/endpoint.js';
import { type MalformedLine, Received, type ReceivedMetrics, receivedText } from './received.js';
import type { Totals } from './totals.js';

export interface StatsdTestServerOptions {
  /** Default `udp`. */
  readonly protocol?: 'udp' | 'tcp' | 'unix';
  /** By whose rules lines are read: a name or a record. Default `statsd`. */
  readonly dialect?: DialectName | Dialect;
  /** Of 127.0.0.1; default any free one. */
  readonly port?: number;
  /** With `unix`: path of the socket file; default one in a new temporary folder, which `stop()` removes. */
  readonly path?: string;
}

/** What to wait for: a number of lines, a sample of a name, or anything else one can ask the server. */
export type WaitTarget = number | string | ((server: StatsdTestServer) => boolean);

const DEFAULT_TIMEOUT_MILLIS = 5_000;

/**
 * A StatsD server for tests that keeps all it gets:
 *
 * ```ts
 * await using server = await StatsdTestServer.start();
 * const exporter = new StatsdExporter({ endpoint: server.endpoint });
 * // record, flush, then
 * await server.waitFor('orders.country.fi');
 * expect(server.totals().counters).toEqual({ 'orders.country.fi': 1 });
 * ```
 */
export class StatsdTestServer implements ReceivedMetrics {
  readonly #received: Received;
  readonly #ownFolder: string | undefined;
  #endpoint: Endpoint;
  #listener: Listener | undefined;
  #waiting = new Set<() => void>();

  private constructor(dialect: Dialect, endpoint: Endpoint, ownFolder: string | undefined) {
    this.#received = new Received(dialect);
    this.#endpoint = endpoint;
    this.#ownFolder = ownFolder;
  }

  /** Resolves when the server can be sent to; rejects when the port or path is taken. */
  static async start(options: StatsdTestServerOptions = {}): Promise<StatsdTestServer> {
    const { protocol = 'udp', dialect = 'statsd', port = 0, path } = options;
    const record = dialectOf(dialect);
    let server: StatsdTestServer;
    if (protocol === 'unix') {
      const own =
        path === undefined ? join(await mkdtemp(join(tmpdir(), 'statsd-')), 'statsd.sock') : undefined;
      const endpoint = { protocol, path: path ?? own ?? '' };
      server = new StatsdTestServer(record, endpoint, own && dirname(own));
    } else {
      server = new StatsdTestServer(record, { protocol, host: '127.0.0.1', port }, undefined);
    }
    try {
      await server.#listen();
    } catch (error) {
      await server.stop();
      throw error;
    }
    return server;
  }

  /** The exporter's option `endpoint`: `udp://127.0.0.1:41234`, for example. It stays the same over a restart. */
  get endpoint(): string {
    return formatEndpoint(this.#endpoint);
  }

  get dialect(): Dialect {
    return this.#received.dialect;
  }

  get lines(): readonly string[] {
    return this.#received.lines;
  }

  get samples(): readonly Sample[] {
    return this.#received.samples;
  }

  get malformedLines(): readonly MalformedLine[] {
    return this.#received.malformedLines;
  }

  /** Lines that a connection broke in the middle of; they are in no other list. */
  get cutLines(): number {
    return this.#listener?.counts().cutLines ?? 0;
  }

  totals(): Totals {
    return this.#received.totals();
  }

  clear(): void {
    this.#received.clear();
  }

  /**
   * Resolves once what is awaited has arrived, at once if it has already: so many lines, a sample of that name (then
   * with all samples of it), or whatever makes the function true. Rejects after `timeoutMillis` (default 5000), saying
   * what did arrive, and when the server is stopped.
   */
  async waitFor(
    awaited: WaitTarget,
    { timeoutMillis = DEFAULT_TIMEOUT_MILLIS }: { readonly timeoutMillis?: number } = {},
  ): Promise<readonly Sample[]> {
    const arrived = (): boolean => this.#hasArrived(awaited);
    let isTooLate = false;
    const timer = setTimeout(() => {
      isTooLate = true;
      this.#changed();
    }, timeoutMillis);
    try {
      while (!arrived()) {
        if (this.#listener === undefined) throw new Error(this.#missed(awaited, 'the server was stopped'));
        if (isTooLate) throw new Error(this.#missed(awaited, `${timeoutMillis} ms have passed`));
        await new Promise<void>((resolve) => this.#waiting.add(resolve));
      }
    } finally {
      clearTimeout(timer);
    }
    return this.samples.filter(({ name }) => typeof awaited !== 'string' || name === awaited);
  }

  /** Goes away and comes back at the same endpoint; what was received is kept. */
  async restart(): Promise<void> {
    await this.#close();
    await this.#listen();
  }

  /** Stops listening and breaks open connections; what was received can still be read. Idempotent. */
  async stop(): Promise<void> {
    await this.#close();
    if (this.#ownFolder !== undefined) await rm(this.#ownFolder, { recursive: true, force: true });
    this.#changed();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #listen(): Promise<void> {
    const isPath = this.#endpoint.protocol === 'unix';
    this.#listener = await listen({
      endpoint: this.#endpoint,
      framing: isPath ? this.dialect.unixStreamFraming : 'newline',
      onLine: (line) => {
        this.#received.add(line);
        this.#changed();
      },
    });
    this.#endpoint = this.#listener.endpoint;
  }

  async #close(): Promise<void> {
    const listener = this.#listener;
    this.#listener = undefined;
    await listener?.close();
  }

  #changed(): void {
    const waiting = this.#waiting;
    this.#waiting = new Set();
    for (const resolve of waiting) resolve();
  }

  #hasArrived(awaited: WaitTarget): boolean {
    if (typeof awaited === 'number') return this.lines.length >= awaited;
    if (typeof awaited === 'string') return this.samples.some(({ name }) => name === awaited);
    return awaited(this);
  }

  #missed(awaited: WaitTarget, end: string): string {
    const hint =
      this.lines.length === 0 ? `; is the exporter's endpoint ${this.endpoint}, and was it flushed?` : '';
    return `waited for ${this.#awaitedText(awaited)}, but ${end}. So far ${receivedText(this)}${hint}`;
  }

  #awaitedText(awaited: WaitTarget): string {
    if (typeof awaited === 'number') return `${awaited} lines`;
    if (typeof awaited !== 'string') return 'a condition to be met';
    const suggestion = closestMatch(awaited, [...new Set(this.samples.map(({ name }) => name))]);
    return `a sample named "${awaited}"${suggestion === undefined ? '' : ` (there is "${suggestion}")`}`;
  }
}
