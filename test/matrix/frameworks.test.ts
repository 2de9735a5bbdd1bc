// Web apps without OpenTelemetry code under `register`: every request is counted and has its route.
import { once } from 'node:events';
import { beforeAll, describe, expect, test } from 'vitest';
import { startApp } from '../support/app-process.js';
import { apps, register, run, startServer, tool } from './support/cells.js';

const REQUESTS = 7;

interface Cell {
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** What the app prints before its port. */
  readonly ready?: RegExp;
}

/** Starts the app, sends requests, ends it as a supervisor does, and resolves with the server that it sent to. */
async function serve({ args, env: own = {}, cwd = apps, ready = /listening at (\d+)\./ }: Cell) {
  const { server, env } = await startServer();
  const app = startApp(args, { cwd, env: { NEXT_TELEMETRY_DISABLED: '1', ...env, ...own } });
  while (!ready.test(app.stdout())) {
    const next = await Promise.race([once(app.child.stdout!, 'data'), app.ended]);
    if (!Array.isArray(next)) throw new Error(`the app ended: ${next.stdout}${next.stderr}`);
  }
  const port = ready.exec(app.stdout())![1];
  for (let id = 0; id < REQUESTS; id += 1) {
    const response = await fetch(`http://127.0.0.1:${port}/users/${id}`, {
      headers: { connection: 'close' },
    });
    expect(await response.json()).toEqual({ id: String(id) });
  }
  return { server, app };
}

async function expectRequests(
  cell: Cell,
  route: Readonly<Record<string, string>> = { 'http.route': '/users/:id' },
): Promise<void> {
  const { server, app } = await serve(cell);
  app.child.kill('SIGTERM');
  await app.ended;
  await server.waitFor('http.server.request.duration');
  expect(server).toHaveTiming(
    'http.server.request.duration',
    { count: REQUESTS },
    { 'http.request.method': 'GET', 'http.response.status_code': '200', ...route },
  );
  expect(server.malformedLines).toEqual([]);
}

describe('register measures every request of', () => {
  test('Express as a CommonJS module', () =>
    expectRequests({ args: [...register, 'frameworks/express.cjs'] }));

  test('Express as an ES module', () => expectRequests({ args: [...register, 'frameworks/express.mjs'] }));

  // Routes of Fastify are measured by its own @fastify/otel alone.
  test('Fastify as an ES module, without routes', () =>
    expectRequests({ args: [...register, 'frameworks/fastify.mjs'] }, {}));

  test('NestJS compiled by TypeScript', async () => {
    await run([tool('typescript/bin/tsc'), '-p', 'frameworks/tsconfig.json']);
    await expectRequests({ args: [...register, 'frameworks/out/nest.js'] });
  });
});

describe('Next.js', () => {
  const cwd = `${apps}/next`;
  const ready = /http:\/\/(?:localhost|127\.0\.0\.1):(\d+)/;
  const start = [tool('next/dist/bin/next'), 'start', '--port', '0', '--hostname', '127.0.0.1'];

  beforeAll(async () => {
    await run([tool('next/dist/bin/next'), 'build'], { cwd });
  });

  test('delivers metrics of an SDK that instrumentation.js starts', async () => {
    const { server, app } = await serve({ args: start, cwd, ready, env: { OWN_SDK: 'yes' } });
    await server.waitFor((received) => received.totals().counters['users.shown'] === REQUESTS);
    app.child.kill('SIGTERM');
    await app.ended;
    expect(server).toHaveCounter('users.shown', REQUESTS);
  });

  test('is measured by register in NODE_OPTIONS', async () => {
    const { server, app } = await serve({
      args: start,
      cwd,
      ready,
      // Next.js would end the process at once, and with it the interval since the last export.
      env: { NODE_OPTIONS: register.join(' '), NEXT_MANUAL_SIG_HANDLE: 'true' },
    });
    app.child.kill('SIGTERM');
    await app.ended;
    await server.waitFor('http.server.request.duration');
    expect(server).toHaveTiming('http.server.request.duration', { count: REQUESTS });
    expect(server).toHaveCounter('users.shown', REQUESTS);
  });
});
