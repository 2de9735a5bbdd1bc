import { EventEmitter } from 'node:events';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { processIo } from '../../../src/cli/shared/process-io.js';
import { systemClock } from '../../../src/runtime/clock.js';
import { installedVersion, PEER_RANGES } from '../../../src/runtime/requirements.js';
import { skipWithout } from '../../support/platform.js';

class FakeStream extends EventEmitter {
  written = '';
  writableLength = 0;
  isTTY = false;
  columns = 100;
  rows = 30;

  write(text: string): boolean {
    this.written += text;
    return true;
  }
}

class FakeProcess extends EventEmitter {
  readonly stdout = new FakeStream();
  readonly stderr = new FakeStream();
  readonly versions = { node: '99.1.2' };
  argv: string[] = [];
  env: Record<string, string> = {};
  exitCodes: unknown[] = [];

  cwd(): string {
    return process.cwd();
  }

  exit(code?: number): void {
    this.exitCodes.push(code);
  }
}

const ioOf = (fake: FakeProcess) => processIo(fake as unknown as NodeJS.Process);

/** A folder that the test may fill. */
function temporaryFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'statsd-io-')));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

describe('an output', () => {
  it('writes to the stream of the process', () => {
    const fake = new FakeProcess();
    const { out, err } = ioOf(fake);
    out.write('a');
    err.write('b');
    expect([fake.stdout.written, fake.stderr.written]).toEqual(['a', 'b']);
  });

  it('is full when more than a MiB waits for its reader, until that has read all', async () => {
    const fake = new FakeProcess();
    const { out } = ioOf(fake);
    const isFull = (waiting: number): boolean => {
      fake.stdout.writableLength = waiting;
      return out.isFull;
    };
    expect([0, 1_048_576, 1_048_577].map(isFull)).toEqual([false, false, true]);
    const drained = out.drained();
    expect(fake.stdout.listenerCount('drain')).toBe(1);
    fake.stdout.emit('drain');
    await drained;
    expect(fake.stdout.listenerCount('drain')).toBe(0);
  });

  it.each<[string, boolean, Record<string, string>, object]>([
    ['a pipe', false, {}, { isTerminal: false, hasColour: false, size: undefined }],
    ['a terminal', true, {}, { isTerminal: true, hasColour: true, size: { columns: 100, rows: 30 } }],
    [
      'a terminal with NO_COLOR',
      true,
      { NO_COLOR: '1' },
      { isTerminal: true, hasColour: false, size: { columns: 100, rows: 30 } },
    ],
    [
      'a terminal with an empty NO_COLOR',
      true,
      { NO_COLOR: '', TERM: 'xterm' },
      { isTerminal: true, hasColour: true, size: { columns: 100, rows: 30 } },
    ],
    [
      'a terminal that cannot move its cursor',
      true,
      { TERM: 'dumb' },
      { isTerminal: false, hasColour: false, size: { columns: 100, rows: 30 } },
    ],
  ])('is %s', (_name, isTTY, env, facts) => {
    const fake = new FakeProcess();
    fake.env = env;
    for (const stream of [fake.stdout, fake.stderr]) stream.isTTY = isTTY;
    const { out, err } = ioOf(fake);
    const factsOf = ({ isTerminal, hasColour, size }: typeof out) => ({
      isTerminal,
      hasColour,
      size: size(),
    });
    expect([factsOf(out), factsOf(err)]).toEqual([facts, facts]);
  });

  it.each([
    [0, 0],
    [0, 30],
    [100, 0],
  ])('has no size in a terminal that says %d columns and %d rows', (columns, rows) => {
    const fake = new FakeProcess();
    Object.assign(fake.stdout, { isTTY: true, columns, rows });
    expect(ioOf(fake).out.size()).toBe(undefined);
  });

  it('tells of a new size of its window, until the callback is removed', () => {
    const fake = new FakeProcess();
    let calls = 0;
    const remove = ioOf(fake).out.onResize(() => {
      calls += 1;
    });
    fake.stdout.emit('resize');
    remove();
    fake.stdout.emit('resize');
    expect(calls).toBe(1);
  });

  it.each(['stdout', 'stderr'] as const)('ends the process when %s has no reader any more', (name) => {
    const fake = new FakeProcess();
    ioOf(fake);
    fake[name].emit('error', new Error('EPIPE'));
    expect(fake.exitCodes).toEqual([0]);
  });
});

it('a command is notified of each signal to end, once, until its callback is removed', () => {
  const fake = new FakeProcess();
  const io = ioOf(fake);
  let calls = 0;
  const remove = io.onInterrupt(() => {
    calls += 1;
  });
  const callsAfter = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGINT', 'SIGUSR2'].map((signal) => {
    fake.emit(signal);
    return calls;
  });
  io.onInterrupt(() => {
    calls += 10;
  })();
  remove();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) fake.emit(signal);
  expect([callsAfter, calls]).toEqual([[1, 2, 3, 3, 3], 3]);
});

it('environment, clock and date are those of the process', () => {
  const fake = new FakeProcess();
  const { environment, clock, date } = ioOf(fake);
  expect([environment === fake.env, clock === systemClock, date() instanceof Date]).toEqual([
    true,
    true,
    true,
  ]);
});

describe('the version', () => {
  it('is that of the package of the script, also through a link', () => {
    skipWithout('socket files');
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'dist/esm'), { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{ "version": "7.8.9" }');
    // Files that mark the kind of modules have no version.
    writeFileSync(join(folder, 'dist/package.json'), '{ "type": "module" }');
    const script = join(folder, 'dist/esm/cli.js');
    writeFileSync(script, '');
    writeFileSync(join(folder, 'dist/esm/page.txt'), 'page');
    const link = join(temporaryFolder(), 'otel-statsd');
    symlinkSync(script, link);
    const fake = new FakeProcess();
    fake.argv = ['node', link];
    const { version, versions, asset } = ioOf(fake);
    expect({ version, versions, page: Buffer.from(asset('page.txt')).toString() }).toEqual({
      version: '7.8.9',
      versions: {
        'opentelemetry-exporter-statsd': '7.8.9',
        'Node.js': '99.1.2',
        '@opentelemetry/api': 'missing',
        '@opentelemetry/core': 'missing',
        '@opentelemetry/sdk-metrics': 'missing',
      },
      page: 'page',
    });
  });

  it('is unknown where no folder above the script has one', () => {
    const script = join(temporaryFolder(), 'cli.js');
    writeFileSync(script, '');
    const fake = new FakeProcess();
    fake.argv = ['node', script];
    expect(ioOf(fake).version).toBe('unknown');
  });

  it('is that of a folder further up when a file is no JSON', () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'dist'));
    writeFileSync(join(folder, 'package.json'), '{ "version": "7.8.9" }');
    writeFileSync(join(folder, 'dist/package.json'), '{');
    writeFileSync(join(folder, 'dist/cli.js'), '');
    const fake = new FakeProcess();
    fake.argv = ['node', join(folder, 'dist/cli.js')];
    expect(ioOf(fake).version).toBe('7.8.9');
  });

  it('is unknown when the script is gone, and peers are those of the current folder', () => {
    const fake = new FakeProcess();
    fake.argv = ['node', join(temporaryFolder(), 'gone/cli.js')];
    const from = join(process.cwd(), 'package.json');
    expect(ioOf(fake).versions).toEqual({
      'opentelemetry-exporter-statsd': 'unknown',
      'Node.js': '99.1.2',
      ...Object.fromEntries(Object.keys(PEER_RANGES).map((name) => [name, installedVersion(name, from)])),
    });
  });
});
