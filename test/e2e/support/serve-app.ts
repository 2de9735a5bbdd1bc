// A web app without OpenTelemetry code, from its start by `register` to its end.
import { join } from 'node:path';
import { expect } from 'vitest';
import { repository, startApp } from '../../support/app-process.js';

const register = ['--import', 'opentelemetry-exporter-statsd/register'];

/**
 * Starts the app, sends it two requests for a user and one order, and ends it as a supervisor does. Resolves with the
 * milliseconds that the app existed.
 */
export async function serveApp(app: string, env: Readonly<Record<string, string>>): Promise<number> {
  const startedAt = performance.now();
  const { child, said, ended, stdout } = startApp([...register, join(repository, 'test/e2e/fixtures', app)], {
    env: { OTEL_SERVICE_NAME: 'shop', ...env },
  });
  await said('listening at http://127.0.0.1:');
  const url = /http:\S+/.exec(stdout())![0];
  for (const [method, path] of [
    ['GET', '/users/7'],
    ['GET', '/users/8'],
    ['POST', '/orders'],
  ] as const) {
    const response = await fetch(url + path, { method });
    await response.arrayBuffer();
  }
  child.kill('SIGTERM');
  const { signal, stderr } = await ended;
  expect({ signal, stderr }).toEqual({ signal: 'SIGTERM', stderr: '' });
  return performance.now() - startedAt;
}
