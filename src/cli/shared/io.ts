// The outside world of the commands: outputs, environment, time, signals. A parameter, so that tests need no process.

import type { Environment } from '../../exporter/options/environment.js';
import type { Clock } from '../../runtime/clock.js';

export interface Output {
  write(text: string): void;
  /** More text waits for its reader than should; `drained` resolves when none does. */
  readonly isFull: boolean;
  drained(): Promise<void>;
  /** Lines can be drawn over. */
  readonly isTerminal: boolean;
  readonly hasColour: boolean;
  /** Undefined when the output is not a terminal. */
  size(): { readonly columns: number; readonly rows: number } | undefined;
  /** Returns a function that removes the callback. */
  onResize(callback: () => void): () => void;
}

export interface Io {
  readonly out: Output;
  readonly err: Output;
  readonly environment: Environment;
  readonly clock: Clock;
  /** For the time of day; `clock` measures. */
  readonly date: () => Date;
  readonly version: string;
  /** Of this package, Node.js and the peers, by name. */
  readonly versions: Readonly<Record<string, string>>;
  /** Reads a file that is installed beside the program. */
  readonly asset: (name: string) => Uint8Array;
  /** Ctrl-C or another request to end; returns a function that removes the callback. */
  onInterrupt(callback: () => void): () => void;
}

export const ExitCode = {
  ok: 0,
  /** The command found or met a problem. */
  problem: 1,
  /** The command line is wrong. */
  usage: 2,
} as const;

export interface Command {
  readonly summary: string;
  readonly help: string;
  run(args: readonly string[], io: Io): Promise<number>;
}

/** A mistake in the command line; its message goes to the user, and the exit code is 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Something that the user must change outside the command line; the exit code is 1. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
}
