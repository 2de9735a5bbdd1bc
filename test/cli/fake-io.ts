// The commands' world without a process: text is kept, time may stand still, Ctrl-C is a call.

import { gzipSync } from 'node:zlib';
import { run } from '../../src/cli/run.js';
import type { Io, Output } from '../../src/cli/shared/io.js';
import type { Environment } from '../../src/exporter/options/environment.js';
import { type Clock, systemClock } from '../../src/runtime/clock.js';

export interface Window {
  columns: number;
  rows: number;
}

export class FakeOutput implements Output {
  text = '';
  readonly window: Window | undefined;
  readonly hasColour: boolean;
  #resized: (() => void)[] = [];
  #waiting: (() => void)[] = [];

  constructor(window?: Window, { hasColour = false } = {}) {
    this.window = window;
    this.hasColour = hasColour;
  }

  get isTerminal(): boolean {
    return this.window !== undefined;
  }

  isFull = false;
  #drained: (() => void)[] = [];

  drained(): Promise<void> {
    return new Promise((resolve) => this.#drained.push(resolve));
  }

  /** The reader has read everything. */
  drain(): void {
    this.isFull = false;
    for (const resolve of this.#drained.splice(0)) resolve();
  }

  write(text: string): void {
    this.text += text;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }

  size(): Window | undefined {
    return this.window;
  }

  onResize(callback: () => void): () => void {
    this.#resized.push(callback);
    return () => {
      this.#resized = this.#resized.filter((other) => other !== callback);
    };
  }

  resize(window: Window): void {
    Object.assign(this.window ?? {}, window);
    for (const callback of this.#resized) callback();
  }

  /** Resolves once the text matches. */
  async wrote(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const match = pattern.exec(this.text);
      if (match !== null) return match;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }
}

/** A page of the same make as the real one. */
const ASSETS: Readonly<Record<string, Uint8Array>> = {
  'listen.html.gz': gzipSync('<!doctype html><style>p{}</style><p>page</p><script>run();</script>'),
};

export class FakeIo implements Io {
  readonly out: FakeOutput;
  readonly err = new FakeOutput();
  readonly environment: Environment;
  readonly clock: Clock;
  readonly version = '1.2.3';
  readonly versions = { 'opentelemetry-exporter-statsd': '1.2.3', 'Node.js': '22.0.0' };
  readonly date = (): Date => new Date('2026-01-02T03:04:05.678Z');
  readonly asset = (name: string): Uint8Array => {
    const asset = ASSETS[name];
    if (asset === undefined) throw new Error(`no asset ${name}`);
    return asset;
  };
  #interrupts = new Set<() => void>();

  constructor({
    environment = {},
    clock = systemClock,
    window,
    hasColour,
  }: { environment?: Environment; clock?: Clock; window?: Window; hasColour?: boolean } = {}) {
    this.out = new FakeOutput(window, { hasColour: hasColour ?? false });
    this.environment = environment;
    this.clock = clock;
  }

  onInterrupt(callback: () => void): () => void {
    this.#interrupts.add(callback);
    return () => this.#interrupts.delete(callback);
  }

  interrupt(): void {
    for (const callback of this.#interrupts) callback();
  }

  /** Whether anybody still waits for Ctrl-C. */
  get isInterruptible(): boolean {
    return this.#interrupts.size > 0;
  }
}

export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A command from its beginning to its end. */
export async function runWith(args: readonly string[], io = new FakeIo()): Promise<Outcome> {
  const code = await run(args, io);
  return { code, out: io.out.text, err: io.err.text };
}
