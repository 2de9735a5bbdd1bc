// The tests that every server has: the same app over each of its protocols, then a death of the server.
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import type { Comparison } from '../checks/comparison.js';
import { features } from '../checks/features.js';
import type { InteropMeta } from '../report/reporter.js';
import { type InteropName, servers } from '../servers/index.js';
import { runApp } from '../truth/app.js';
import { survive } from '../truth/death.js';
import { ATTEMPTS } from '../truth/names.js';
import { settled } from '../truth/settled.js';
import type { InteropServer, Protocol, RunningServer } from './server.js';

/** Enough for a slow server under load, several attempts included. */
const PATIENCE_MILLIS = 180_000;

/** `more` adds tests of what only this server does; they get a running server of their own. */
export function describeServer(
  name: InteropName,
  more?: (start: () => Promise<RunningServer>) => void,
): void {
  const server: InteropServer = servers[name];
  describe(`${server.title} (dialect ${server.dialect})`, () => {
    for (const protocol of server.protocols) describeProtocol(name, server, protocol);
    if (more === undefined) return;
    describe('of its own', () => {
      let running: RunningServer | undefined;
      afterAll(() => running?.stop());
      more(async () => {
        running ??= await server.start();
        return running;
      });
    });
  });
}

/** For the table. */
function note(task: TestContext['task'], interop: InteropMeta): void {
  Object.assign(task.meta, { interop });
}

function describeProtocol(name: InteropName, server: InteropServer, protocol: Protocol): void {
  describe(`over ${protocol}`, () => {
    let running: RunningServer;
    let comparison: Comparison;
    beforeAll(async () => {
      running = await server.start();
      comparison = await compare(server, running, protocol);
    }, PATIENCE_MILLIS);
    afterAll(() => running?.stop());

    for (const feature of features) {
      it(feature.claim, ({ task }) => {
        const { wrong, cell } = feature.check(comparison);
        expect(wrong).toEqual([]);
        note(task, { server: name, protocol, feature: feature.title, cell });
      });
    }

    it('nothing of it is a line that the server could not read', () => {
      expect(comparison.report.complaints).toEqual([]);
    });

    it(
      deathClaims[protocol],
      async ({ task }) => {
        const cell = await checkDeath(server, running, protocol);
        note(task, { server: name, protocol, feature: 'death of the server', cell });
      },
      PATIENCE_MILLIS,
    );
  });
}

const deathClaims: Readonly<Record<Protocol, string>> = {
  tcp: 'a server that dies gets all that was measured while it was away, and none of it twice',
  udp: 'a server that dies has the right gauges once it is back, and counts nothing twice',
};

async function checkDeath(
  server: InteropServer,
  running: RunningServer,
  protocol: Protocol,
): Promise<string> {
  const { counted, gauge, stats } = await survive(server, running, protocol);
  const before = server.remembers ? 1 : 0;
  expect(gauge).toBe(-5);
  if (protocol === 'udp') {
    // What was on its way when the port closed is lost; what was refused is sent again.
    expect([8, 8 + 2, 8 + 4, 8 + 2 + 4].map((value) => before + value)).toContain(counted);
    return 'gauges right, nothing twice';
  }
  expect(counted).toBe(before + 2 + 4 + 8);
  expect([stats.droppedLines, stats.maybeDuplicatedLines]).toEqual([{}, 0]);
  return 'exact';
}

/**
 * Runs the app, again if its histograms fell into two intervals of the server, for those have no common percentiles, or
 * if under load the server did not get to its receive buffer in time.
 */
async function compare(
  server: InteropServer,
  running: RunningServer,
  protocol: Protocol,
): Promise<Comparison> {
  for (let attempt = 1; ; attempt++) {
    const run = await runApp(server, running, protocol, `${protocol[0]}${attempt}`);
    const comparison = await settled(running, run);
    if (attempt === ATTEMPTS || (run.drops === 0 && !isSplit(comparison))) return comparison;
  }
}

function isSplit(comparison: Comparison): boolean {
  return ['few', 'many', 'sizes', 'crowd'].some((metric) => comparison.timers(metric).length > 1);
}
