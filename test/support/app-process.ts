// A program under test, in a process of its own.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

export interface Ended {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface AppProcess {
  readonly child: ChildProcess;
  /** Resolves once the app has printed this to its standard output. */
  said(text: string): Promise<void>;
  /** What it has printed so far. */
  stdout(): string;
  readonly ended: Promise<Ended>;
}

export interface AppOptions {
  readonly env: Readonly<Record<string, string>>;
  /** Default: the repository, where the package finds itself by its own name. */
  readonly cwd?: string;
  /** What runs the program; default: this Node.js. */
  readonly command?: string;
}

export const repository: string = fileURLToPath(new URL('../..', import.meta.url));

/** Started with nothing but PATH and `env` in its environment; killed when the test ends. */
export function startApp(
  args: readonly string[],
  { env, cwd = repository, command = process.execPath }: AppOptions,
): AppProcess {
  const child = spawn(command, args, {
    cwd,
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = once(child, 'close').then(([status, signal]): Ended => ({ status, signal, stdout, stderr }));
  return {
    child,
    ended,
    stdout: () => stdout,
    async said(text) {
      while (!stdout.includes(text)) {
        const hasEnded = await Promise.race([once(child.stdout, 'data').then(() => false), ended]);
        if (hasEnded && !stdout.includes(text)) throw new Error(`the app ended before that: ${stderr}`);
      }
    },
  };
}
