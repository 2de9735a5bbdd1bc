// What the commands know of the world: two outputs, the environment, time and Ctrl-C. A parameter, so that tests
// need no process.

import type { Environment } from '../../exporter/options/environment.js';
import type { Clock } from '../../runtime/clock.js';

export interface Output {
  write(text: string): void;
  /** A person watches, and lines can be drawn over. */
  readonly isTerminal: boolean;
  readonly hasColour: boolean;
  /** Undefined where there is no window. */
  size(): { readonly columns: number; readonly rows: number } | undefined;
  /** Answers how to stop listening. */
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
  /** Ctrl-C or a request to end; answers how to stop listening. */
  onInterrupt(callback: () => void): () => void;
}

export const ExitCode = {
  ok: 0,
  /** The command found or met a problem. */
  problem: 1,
  /** The command line makes no sense. */
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
