// Servers in processes that may open few files. They run what is in dist, so build first (npm test does).
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { repository } from '../support/app-process.js';
import { temporarySocketPath } from '../support/receivers/stream-server.js';

const DESCRIPTORS = 64;
const REASON = 'this process has no file descriptors left (ulimit -n)';

interface Program {
  readonly child: ChildProcessWithoutNullStreams;
  /** Resolves with the first match in what the program has printed. */
  printed(pattern: RegExp): Promise<RegExpExecArray>;
}

function start(args: readonly string[]): Program {
  const command = `ulimit -n ${DESCRIPTORS}; exec "$0" "$@"`;
  const child = spawn('sh', ['-c', command, process.execPath, ...args], { cwd: repository });
  onTestFinished(() => void child.kill('SIGKILL'));
  let text = '';
  const onData = (data: Buffer): void => {
    text += data;
  };
  child.stdout.on('data', onData);
  child.stderr.on('data', onData);
  return {
    child,
    async printed(pattern) {
      for (;;) {
        const match = pattern.exec(text);
        if (match !== null) return match;
        await Promise.race([once(child.stdout, 'data'), once(child.stderr, 'data')]);
      }
    },
  };
}

const script = (code: string): string[] => ['--input-type=module', '-e', code];

/** More connections than the process can have; resolves when some of them were closed. */
async function connectMany(to: { port: number; host: string } | { path: string }): Promise<Socket[]> {
  const sockets = Array.from({ length: 2 * DESCRIPTORS }, () => connect(to).on('error', () => {}));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
  });
  let closed = 0;
  await new Promise<void>((resolve) => {
    for (const socket of sockets) {
      socket.resume().on('close', () => {
        closed += 1;
        if (closed === DESCRIPTORS) resolve();
      });
    }
  });
  return sockets;
}

describe.skipIf(process.platform === 'win32')('a server without file descriptors', () => {
  it('tells of connections that it closes: listen', async () => {
    const { child, printed } = start([join(repository, 'dist/esm/cli.js'), 'listen', 'tcp://127.0.0.1:0']);
    const [, port] = await printed(/:(\d+) /);
    const sockets = await connectMany({ port: Number(port), host: '127.0.0.1' });
    const open = sockets.find((socket) => !socket.destroyed);
    open?.end('a:1|c\n');
    await once(open!, 'close');
    child.kill('SIGINT');
    const [text] = await printed(/0:\d\d · .*\n/);
    expect(text).toMatch(/ · 1 line · 1 series · \d+ connections · \d+ connections closed, /);
    expect(text).toContain(REASON);
  });

  it('tells of connections that it closes: StatsdTestServer', async () => {
    const { child, printed } = start(
      script(`
        import { StatsdTestServer } from './dist/esm/testing.js';
        const server = await StatsdTestServer.start({ protocol: 'tcp' });
        console.log(server.endpoint + ' ');
        process.stdin.once('data', async () => {
          console.log(server.refusedConnections > 0);
          await server.waitFor(1, { timeoutMillis: 1 }).catch(({ message }) => console.log(message + ' END'));
          process.exit();
        });`),
    );
    const [, port] = await printed(/:(\d+) /);
    await connectMany({ port: Number(port), host: '127.0.0.1' });
    child.stdin.write('now');
    const [text] = await printed(/true\n[\s\S]* END/);
    expect(text).toContain(REASON);
  });

  it('tells of connections that it closes, and serves others afterwards: ClusterAggregator', async () => {
    const path = temporarySocketPath();
    const { child, printed } = start(
      script(`
        import { diag } from '@opentelemetry/api';
        import { ClusterAggregator } from './dist/esm/cluster.js';
        diag.setLogger({ warn: console.log, error: console.log, info() {}, debug() {}, verbose() {} });
        const exporter = { export: (_, done) => done({ code: 0 }), async forceFlush() {}, async shutdown() {} };
        const aggregator = new ClusterAggregator({ exporter, cluster: false, listen: { path: ${JSON.stringify(path)} } });
        console.log('ready');
        process.stdin.once('data', async () => {
          console.log('refused', aggregator.stats().refused > 0, 'END');
          await aggregator.shutdown();
          process.stdin.destroy();
        });`),
    );
    await printed(/ready/);
    const sockets = await connectMany({ path });
    await printed(/messages of workers are refused: this process has no file descriptors left \(ulimit -n\)/);
    for (const socket of sockets) socket.destroy();
    for (;;) {
      const next = connect(path).on('error', () => {});
      onTestFinished(() => void next.destroy());
      const data = await Promise.race([once(next, 'data'), once(next, 'close').then(() => undefined)]);
      if (data === undefined) continue;
      expect(String(data)).toContain('welcome');
      break;
    }
    child.stdin.write('now');
    await printed(/refused true END/);
    // Nothing of it is left that would keep the process alive.
    expect(await once(child, 'exit')).toEqual([0, null]);
  });
});
