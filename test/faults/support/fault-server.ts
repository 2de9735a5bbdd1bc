// line-server.js as tests see it: started, killed, started again where it was, and asked what it processed.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { skipWithout, skipWithoutAddress } from '../../support/platform.js';

/** What a server does to all of its connections, or to itself. */
export type Fault =
  /** SIGKILL, in the middle of what it does. */
  | 'kill'
  /** Closes without reading what has come: the kernel sends a reset. */
  | 'destroy'
  | 'reset'
  /** Shuts down gracefully: reads until the clients have closed, and accepts no new connections. */
  | 'end'
  | 'stall'
  | 'resume';

export interface ServerSettings {
  readonly protocol: 'tcp' | 'tls' | 'unix' | 'udp';
  readonly port?: number;
  readonly host?: string;
  readonly path?: string;
  readonly backlog?: number;
  /** How fast it processes lines, about; what it has not read meanwhile stays in the two kernels. */
  readonly bytesPerSecond?: number;
  /**
   * A fault of its own when it has processed so many lines, or when it sees a client's FIN. It befalls the first
   * process only.
   */
  readonly fault?: { readonly do: Fault; readonly atLine?: number; readonly atEnd?: true };
  /** Closes the first connections as soon as it has accepted them. */
  readonly closeFirst?: number;
  /** Accepts connections and reads nothing. */
  readonly neverRead?: boolean;
  /** Never closes after a FIN. */
  readonly neverClose?: boolean;
  /** Resets connections on which it reads this. */
  readonly poison?: string;
  /** What it sends to each client. */
  readonly junkBytes?: number;
  /** UDP: pauses for a tenth of the time, this long each time. */
  readonly pauseMillis?: number;
  /** A command that runs it, such as `ip netns exec …`. */
  readonly prefix?: readonly string[];
}

const script = fileURLToPath(new URL('line-server.js', import.meta.url));

export class FaultServer {
  readonly #settings: ServerSettings;
  readonly #folder = mkdtempSync(join(tmpdir(), 'statsd-faults-'));
  readonly #recordFiles: string[] = [];
  #child: ChildProcess | undefined;
  #port: number;

  constructor(settings: ServerSettings) {
    this.#settings = settings;
    this.#port = settings.port ?? 0;
    onTestFinished(async () => {
      await this.kill();
      rmSync(this.#folder, { recursive: true, force: true });
    });
  }

  get port(): number {
    return this.#port;
  }

  get path(): string {
    return this.#settings.path ?? join(this.#folder, 'statsd.sock');
  }

  /** Starts it, also again: at the same port or path, with other settings if there are any. */
  async start(changes: Partial<ServerSettings> = {}): Promise<void> {
    const recordFile = join(this.#folder, `record-${this.#recordFiles.length}`);
    this.#recordFiles.push(recordFile);
    const isFirst = this.#recordFiles.length === 1;
    const settings = { ...this.#settings, ...(isFirst ? {} : { fault: undefined }), ...changes };
    // The socket file of a server that was killed stays.
    if (settings.protocol === 'unix') rmSync(this.path, { force: true });
    const { prefix = [], ...childSettings } = settings;
    const [command = process.execPath, ...args] = [...prefix, process.execPath, script];
    const child = spawn(
      command,
      [...args, JSON.stringify({ ...childSettings, port: this.#port, path: this.path, recordFile })],
      { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] },
    );
    this.#child = child;
    const [{ port }] = await once(child, 'message');
    this.#port = port ?? 0;
  }

  tell(fault: Fault): void {
    this.#child?.send(fault);
  }

  /** Stops the process as a whole, or lets it go on. */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.#child?.kill(signal);
  }

  /** As `kill -9`; resolves when it is gone. */
  async kill(): Promise<void> {
    const isOver = this.gone();
    this.#child?.kill('SIGKILL');
    await isOver;
  }

  /** Resolves when the process has ended, by whatever cause. */
  async gone(): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    await once(child, 'exit');
  }

  /** How many connections the running process has accepted. */
  async connections(): Promise<number> {
    const child = this.#child;
    if (child === undefined) return 0;
    const answer = once(child, 'message');
    child.send('connections');
    const [{ connections }] = await answer;
    return connections;
  }

  /** Lines without their tags, in the order in which they were processed, by all processes so far. */
  lines(): string[] {
    return this.#records().filter((line) => !line.startsWith('read '));
  }

  /** Lines that a process had read and not processed when it ended. */
  readNotProcessed(): number {
    const reads = this.#records().filter((line) => line.startsWith('read '));
    return reads.reduce((sum, read) => sum + Number(read.slice(5)), 0) - this.lines().length;
  }

  #records(): string[] {
    return this.#recordFiles.flatMap((file) =>
      existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : [],
    );
  }
}

/** Listens on 127.0.0.1, or on a socket file, until the test ends. */
export async function startFaultServer(settings: ServerSettings): Promise<FaultServer> {
  if (settings.protocol === 'unix') skipWithout('socket files');
  skipWithoutAddress(settings.host);
  const server = new FaultServer(settings);
  await server.start();
  return server;
}
