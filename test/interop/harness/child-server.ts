// The life of a server as a child process: started in a directory of its own, watched, killed, started again.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEADLINE_MILLIS, poll } from './poll.js';
import { accepts, freePorts } from './ports.js';

/** Somebody else may take a port between its discovery and the server's use of it. */
const START_ATTEMPTS = 5;
const STOP_MILLIS = 5_000;

export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export interface Launch {
  /** An empty directory at the first start, and as it was left at a restart. */
  readonly directory: string;
  readonly ports: readonly number[];
}

export interface ChildServerOptions {
  readonly name: string;
  /** How many free ports it needs. */
  readonly ports: number;
  /** Writes its configuration and says how to start it. */
  prepare(launch: Launch): Command;
  /** Which of the ports accept TCP connections once it is ready. */
  readonly tcpPorts: readonly number[];
  /** More that has to be true. */
  isReady?(launch: Launch, output: string): boolean | Promise<boolean>;
}

export class ChildServer {
  readonly directory: string;
  /** What it wrote to stdout and stderr since its last start. */
  output = '';
  ports: readonly number[] = [];
  readonly #options: ChildServerOptions;
  #child: ChildProcess | undefined;

  constructor(options: ChildServerOptions) {
    this.#options = options;
    this.directory = mkdtempSync(join(tmpdir(), `interop-${options.name}-`));
    process.on('exit', this.#removeLeftovers);
  }

  async start(): Promise<this> {
    for (let attempt = 1; ; attempt++) {
      this.ports = await freePorts(this.#options.ports);
      try {
        await this.restart();
        return this;
      } catch (error) {
        await this.kill();
        if (attempt < START_ATTEMPTS) continue;
        await this.stop();
        throw error;
      }
    }
  }

  async restart(): Promise<void> {
    await this.kill();
    const launch = { directory: this.directory, ports: this.ports };
    const { program, args, env } = this.#options.prepare(launch);
    this.output = '';
    const child = spawn(program, args, {
      cwd: this.directory,
      env: { PATH: process.env['PATH'], HOME: this.directory, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        this.output += text;
      });
    }
    child.on('error', (error) => {
      this.output += error.message;
    });
    const isReady = async (): Promise<true | undefined> => {
      if (child.exitCode !== null || child.signalCode !== null) throw new Error(this.#lastWords('ended'));
      for (const index of this.#options.tcpPorts) if (!(await accepts(launch.ports[index]!))) return;
      return (await (this.#options.isReady?.(launch, this.output) ?? true)) ? true : undefined;
    };
    await poll(() => this.#lastWords('is not ready'), isReady, { deadlineMillis: DEADLINE_MILLIS });
  }

  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** By SIGTERM, and by SIGKILL when that does not help. */
  async terminate(): Promise<void> {
    await this.#end('SIGTERM');
  }

  async stop(): Promise<void> {
    await this.#end('SIGKILL');
    process.off('exit', this.#removeLeftovers);
    rmSync(this.directory, { recursive: true, force: true });
  }

  /** A directory below its own. */
  folder(name: string): string {
    const path = join(this.directory, name);
    mkdirSync(path, { recursive: true });
    return path;
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exit = once(child, 'close');
    child.kill(signal);
    const patience = setTimeout(() => child.kill('SIGKILL'), STOP_MILLIS);
    await exit;
    clearTimeout(patience);
  }

  #lastWords(what: string): string {
    return `${this.#options.name} ${what}; its last words:\n${this.output.slice(-2_000)}`;
  }

  #removeLeftovers = (): void => {
    this.#child?.kill('SIGKILL');
    rmSync(this.directory, { recursive: true, force: true });
  };
}
