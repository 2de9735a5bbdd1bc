// The apps of the routes, and what has to be stopped after a test.
import { afterAll, afterEach, vi } from 'vitest';
import { type Host, startHosts } from '../../../examples/many-hosts/hosts.js';

/** A dozen processes start for a route, on a machine that may be busy with much else. */
const PATIENCE_MILLIS = 180_000;
vi.setConfig({ testTimeout: PATIENCE_MILLIS, hookTimeout: PATIENCE_MILLIS });

/** How to wait for what the far end reports, with `expect.poll`. */
export const POLL = { timeout: 60_000, interval: 50 };

/** Started last, stopped first: apps before the servers that they send to. */
const running: { stop(): Promise<unknown> }[] = [];

/** Has the server stopped at the end of the test, or of the tests of a `describe`: see the hooks below. */
export function stopLater<Server extends { stop(): Promise<unknown> }>(server: Server): Server {
  running.push(server);
  return server;
}

async function stopAll(): Promise<void> {
  for (const server of running.splice(0).reverse()) await server.stop();
}

export function stopServersAfterEach(): void {
  afterEach(stopAll);
}

export function stopServersAfterAll(): void {
  afterAll(stopAll);
}

/** Three hosts that export when asked to. `environment` is that of one of them. */
export async function startApps(
  environment: (host: string, index: number) => Record<string, string>,
): Promise<Host[]> {
  const hosts = await startHosts(3, (name, index) => ({
    OTEL_METRIC_EXPORT_INTERVAL: '3600000',
    ...environment(name, index),
  }));
  for (const host of hosts) stopLater({ stop: () => host.kill() });
  return hosts;
}
