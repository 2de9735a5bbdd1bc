// What the cells of the matrix share: where the apps are, how one is run, and what a server has to have received of it.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished } from 'vitest';
import { type StatsdMatchers, StatsdTestServer, statsdMatchers } from '../../../src/testing.js';
import { repository } from '../../support/app-process.js';

declare module 'vitest' {
  interface Matchers<T> extends StatsdMatchers<T> {}
}

expect.extend(statsdMatchers);

export const matrix: string = join(repository, '.cache/matrix');
export const apps: string = join(matrix, 'apps');
export const tarball: string = join(repository, '.cache/package.tgz');

export const register: readonly string[] = ['--import', 'opentelemetry-exporter-statsd/register'];

/** The program of a package that is installed in the matrix. */
export const tool = (path: string): string => join(matrix, 'node_modules', path);

/** A server for one app, and the variables that make the app send to it. */
export async function startServer(): Promise<{ server: StatsdTestServer; env: Record<string, string> }> {
  const server = await StatsdTestServer.start({ dialect: 'dogstatsd' });
  onTestFinished(() => server.stop());
  const env = {
    OTEL_EXPORTER_STATSD_ENDPOINT: server.endpoint,
    OTEL_EXPORTER_STATSD_DIALECT: 'dogstatsd',
    OTEL_SERVICE_NAME: 'shop',
  };
  return { server, env };
}

interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** What the tests were started with must not reach the apps. */
const inherited = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(OTEL|STATSD|DD|VITEST|NODE_OPTIONS|npm_)/.test(name)),
);
const withoutTelemetry = { NEXT_TELEMETRY_DISABLED: '1', YARN_ENABLE_TELEMETRY: '0' };

/** Runs a program of Node.js to its end, which has to be a good one. */
export async function run(args: readonly string[], { cwd = apps, env = {} }: RunOptions = {}): Promise<void> {
  await promisify(execFile)(process.execPath, args, {
    cwd,
    env: { ...inherited, ...withoutTelemetry, ...env },
  });
}

/** Runs one of apps/programs, or what was made of it, and checks what the server has received. */
export async function expectOrders(args: readonly string[], options: RunOptions = {}): Promise<void> {
  const { server, env } = await startServer();
  await run(args, { ...options, env: { ...env, ...options.env } });
  await server.waitFor('orders');
  expect(server).toHaveCounter('orders', 3, { country: 'fi' });
  expect(server.malformedLines).toEqual([]);
}
