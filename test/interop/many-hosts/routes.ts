// The routes over many hosts, by the names of their test files, and the servers that each needs.
import type { InteropName } from '../servers/index.js';
import { hasOtlp } from './collectors.js';

interface RouteNeeds {
  readonly server: InteropName;
  /** Why the server that is installed does not do; undefined when it does. */
  readonly lacks?: () => string | undefined;
}

const routes: Readonly<Record<string, RouteNeeds>> = {
  'statsd-proxy': { server: 'statsd' },
  collectors: {
    server: 'otel-collector',
    lacks: () =>
      hasOtlp() ? undefined : 'the installed Collector has no OTLP: delete its folder and install it again',
  },
  'carbon-relay': { server: 'carbon' },
  gostatsd: { server: 'gostatsd' },
};

/** Of a run that leaves out these servers; says which routes, and why. */
export function routesLeftOut(servers: readonly InteropName[]): string[] {
  const reasons = Object.entries(routes).flatMap(([route, { server, lacks }]) => {
    const reason = servers.includes(server) ? `no ${server}` : lacks?.();
    return reason === undefined ? [] : [[route, reason] as const];
  });
  for (const [route, reason] of reasons) console.log(`left out: many hosts by ${route} (${reason})`);
  return reasons.map(([route]) => route);
}
