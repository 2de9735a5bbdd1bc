// The commands' outside world, made of the process.

import { readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { WriteStream } from 'node:tty';
import { systemClock } from '../../runtime/clock.js';
import { installedVersion, PEER_RANGES } from '../../runtime/requirements.js';
import type { Io, Output } from './io.js';

/** Bytes that wait for the reader of a pipe before no more are written. */
const FULL_BYTES = 2 ** 20;

/** After an interrupt, a reader gets this long to read the rest. */
const UNREAD_MILLIS = 1_000;

export function processIo(process: NodeJS.Process): Io {
  // The reader of the pipe has ended (`| head`): nothing more can be printed.
  for (const stream of [process.stdout, process.stderr]) stream.once('error', () => process.exit(0));
  const script = process.argv[1] ?? '';
  const version = packageVersion(script);
  return {
    out: outputOf(process.stdout, process.env),
    err: outputOf(process.stderr, process.env),
    environment: process.env,
    clock: systemClock,
    date: () => new Date(),
    version,
    versions: {
      'opentelemetry-exporter-statsd': version,
      'Node.js': process.versions.node,
      ...Object.fromEntries(
        Object.keys(PEER_RANGES).map((name) => [name, installedVersion(name, realPath(script)) ?? 'missing']),
      ),
    },
    asset: (name) => readFileSync(join(dirname(realPath(script)), name)),
    onInterrupt(callback) {
      const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
      const interrupted = (): void => {
        callback();
        // What the reader of a pipe does not read would keep the process alive.
        systemClock.after(UNREAD_MILLIS, () => process.exit());
      };
      for (const signal of signals) process.once(signal, interrupted);
      return () => {
        for (const signal of signals) process.off(signal, interrupted);
      };
    },
  };
}

function outputOf(stream: WriteStream, environment: NodeJS.ProcessEnv): Output {
  const isTerminal = Boolean(stream.isTTY) && environment['TERM'] !== 'dumb';
  return {
    write: (text) => void stream.write(text),
    get isFull() {
      return stream.writableLength > FULL_BYTES;
    },
    drained: () => new Promise((resolve) => stream.once('drain', resolve)),
    isTerminal,
    // no-color.org: set and not empty.
    hasColour: isTerminal && !environment['NO_COLOR'],
    // Terminals without a window say that they have no columns.
    size: () =>
      stream.isTTY && stream.columns > 0 && stream.rows > 0
        ? { columns: stream.columns, rows: stream.rows }
        : undefined,
    onResize(callback) {
      stream.on('resize', callback);
      return () => stream.off('resize', callback);
    },
  };
}

function realPath(script: string): string {
  try {
    return realpathSync(script);
  } catch {
    return join(process.cwd(), 'package.json');
  }
}

/** Of the package that the script belongs to, also when it was started through a link. */
function packageVersion(script: string): string {
  try {
    let folder = dirname(realpathSync(script));
    for (;;) {
      const found = versionIn(join(folder, 'package.json'));
      if (found !== undefined) return found;
      if (folder === dirname(folder)) return 'unknown';
      folder = dirname(folder);
    }
  } catch {
    return 'unknown';
  }
}

/** Undefined for marker files without one. */
function versionIn(file: string): string | undefined {
  try {
    const { version } = JSON.parse(readFileSync(file, 'utf8')) as { version?: string };
    return version;
  } catch {
    return undefined;
  }
}
