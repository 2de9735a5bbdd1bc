import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import {
  EXIT_EVENTS,
  type ExitEvent,
  flushOnExit,
  type HostProcess,
  type Telemetry,
} from '../../src/exporter/flush-on-exit.js';
import { FakeClock } from '../support/fake-clock.js';

/** A process that records what ends it. */
class FakeProcess extends EventEmitter implements HostProcess {
  readonly pid: number = 42;
  readonly kills: [number, NodeJS.Signals][] = [];

  kill(pid: number, signal: NodeJS.Signals): void {
    this.kills.push([pid, signal]);
  }

  /** As `process` counts them. */
  watched(): Record<string, number> {
    return Object.fromEntries(this.eventNames().map((name) => [name, this.listenerCount(name)]));
  }
}

const watched = { beforeExit: 1, SIGTERM: 1, SIGINT: 1, SIGHUP: 1 };

class FakeTelemetry implements Telemetry {
  readonly calls: string[] = [];
  finish = () => {};
  readonly #finished = new Promise<void>((resolve) => {
    this.finish = resolve;
  });

  async handOver(): Promise<void> {
    this.calls.push('handOver');
  }

  async shutdown(): Promise<void> {
    this.calls.push('shutdown');
    await this.#finished;
  }
}

function start({
  host = new FakeProcess(),
  deadlineMillis = 60_000,
  events = EXIT_EVENTS as readonly ExitEvent[],
} = {}) {
  const telemetry = new FakeTelemetry();
  const clock = new FakeClock();
  const stop = flushOnExit(telemetry, { deadlineMillis, events }, host, clock);
  return { host, telemetry, clock, stop };
}

/** Longer than any chain of promises here. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

test('the natural end of the process shuts down once, and nothing is done to end it', async () => {
  const { host, telemetry } = start();
  host.emit('beforeExit');
  telemetry.finish();
  await turn();
  host.emit('beforeExit');
  expect({ calls: telemetry.calls, kills: host.kills }).toEqual({ calls: ['shutdown'], kills: [] });
});

test('an exporter that is made while the process ends naturally is shut down at the next such event', async () => {
  const host = new FakeProcess();
  const first = start({ host, events: ['beforeExit'] });
  host.emit('beforeExit');
  first.stop();
  const second = start({ host, events: ['beforeExit'] });
  host.emit('beforeExit');
  expect([first, second].map(({ telemetry }) => telemetry.calls)).toEqual([['shutdown'], ['shutdown']]);
});

test('the watch is found by every copy of the package', () => {
  start();
  expect(Object.getOwnPropertySymbols(globalThis)).toContain(
    Symbol.for('opentelemetry-exporter-statsd/exit-watch/1'),
  );
});

test('only the named events are watched, each once', () => {
  expect(start({ events: ['beforeExit'] }).host.watched()).toEqual({ beforeExit: 1 });
  expect(start({ events: ['SIGTERM', 'SIGTERM'] }).host.watched()).toEqual({ SIGTERM: 1 });
});

test('a stopped watch has no listeners, even if it is stopped during a signal that the app handles', async () => {
  const { host, telemetry, stop } = start();
  host.on('SIGTERM', () => {});
  host.emit('SIGTERM');
  stop();
  await turn();
  expect({ watched: host.watched(), calls: telemetry.calls }).toEqual({
    watched: { SIGTERM: 1 },
    calls: ['handOver'],
  });
});

test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
  '%s shuts down, and then ends the process',
  async (signal) => {
    const { host, telemetry } = start();
    host.emit(signal);
    await turn();
    expect({ calls: telemetry.calls, kills: host.kills, watched: host.watched() }).toEqual({
      calls: ['shutdown'],
      kills: [],
      watched,
    });
    telemetry.finish();
    await turn();
    const { [signal]: _, ...others } = watched;
    expect({ calls: telemetry.calls, kills: host.kills, watched: host.watched() }).toEqual({
      calls: ['shutdown'],
      kills: [[42, signal]],
      watched: others,
    });
  },
);

test('the same signal within a second is the same request, and does not end the process', async () => {
  const { host, telemetry, clock } = start();
  clock.advance(5_000);
  host.emit('SIGTERM');
  clock.advance(1_000);
  host.emit('SIGTERM');
  expect({ calls: telemetry.calls, kills: host.kills }).toEqual({ calls: ['shutdown'], kills: [] });
  telemetry.finish();
  await turn();
  expect(host.kills).toEqual([[42, 'SIGTERM']]);
});

test('the same signal after more than a second ends the process at once, and once', async () => {
  const { host, telemetry, clock } = start();
  host.emit('SIGTERM');
  clock.advance(1_001);
  host.emit('SIGTERM');
  const atOnce = { calls: telemetry.calls, kills: [...host.kills] };
  telemetry.finish();
  await turn();
  expect([atOnce, host.kills]).toEqual([
    { calls: ['shutdown'], kills: [[42, 'SIGTERM']] },
    [[42, 'SIGTERM']],
  ]);
});

test('another signal ends the process at once', () => {
  const { host, telemetry } = start();
  host.emit('SIGTERM');
  host.emit('SIGINT');
  expect({ calls: telemetry.calls, kills: host.kills }).toEqual({
    calls: ['shutdown'],
    kills: [[42, 'SIGINT']],
  });
});

test('a signal repeated while the shutdown stops the watch is still the same request', async () => {
  const { host, telemetry, stop } = start();
  host.emit('SIGTERM');
  stop();
  host.emit('SIGTERM');
  expect(host.kills).toEqual([]);
  telemetry.finish();
  await turn();
  expect(host.kills).toEqual([[42, 'SIGTERM']]);
});

test('one set of listeners serves all exporters, and the process ends after the last shutdown', async () => {
  const host = new FakeProcess();
  const [first, second, third] = [start({ host }), start({ host }), start({ host, events: ['SIGINT'] })];
  expect(host.watched()).toEqual(watched);
  host.emit('SIGTERM');
  first.telemetry.finish();
  await turn();
  expect(host.kills).toEqual([]);
  second.telemetry.finish();
  await turn();
  expect([first, second, third].map(({ telemetry }) => telemetry.calls)).toEqual([
    ['shutdown'],
    ['shutdown'],
    [],
  ]);
  expect(host.kills).toEqual([[42, 'SIGTERM']]);
});

test('an exporter that stops leaves the listeners of the others', () => {
  const host = new FakeProcess();
  const { stop } = start({ host });
  const { stop: stopLast } = start({ host, events: ['SIGTERM'] });
  stop();
  expect(host.watched()).toEqual({ SIGTERM: 1 });
  stopLast();
  expect(host.watched()).toEqual({});
});

test('a shutdown that does not finish is cut off at the deadline', async () => {
  const { host, clock } = start({ deadlineMillis: 6_000 });
  host.emit('SIGTERM');
  clock.advance(5_999);
  await turn();
  expect(host.kills).toEqual([]);
  clock.advance(1);
  await turn();
  expect(host.kills).toEqual([[42, 'SIGTERM']]);
});

test('no timer is left once the shutdown has finished', async () => {
  const { host, telemetry, clock } = start();
  host.emit('SIGTERM');
  telemetry.finish();
  await turn();
  expect({ killCount: host.kills.length, pendingMillis: clock.pendingMillis }).toEqual({
    killCount: 1,
    pendingMillis: [],
  });
});

test('as process 1, which signals without a handler do not end, it hands over and continues', async () => {
  class FirstProcess extends FakeProcess {
    override readonly pid = 1;
  }
  const { host, telemetry } = start({ host: new FirstProcess() });
  host.emit('SIGTERM');
  host.emit('SIGTERM');
  await turn();
  expect({ calls: telemetry.calls, kills: host.kills, watched: host.watched() }).toEqual({
    calls: ['handOver', 'handOver'],
    kills: [],
    watched,
  });
});

test('a signal that the app handles is left to it, and what was recorded is handed over', async () => {
  const { host, telemetry } = start();
  const seen: unknown[] = [];
  host.on('SIGTERM', () => seen.push(host.listenerCount('SIGTERM')));
  host.emit('SIGTERM');
  await turn();
  host.emit('SIGTERM');
  await turn();
  // The app finds itself alone both times, and this one is back in between.
  expect({ seen, calls: telemetry.calls, kills: host.kills }).toEqual({
    seen: [1, 1],
    calls: ['handOver', 'handOver'],
    kills: [],
  });
  expect(host.watched()).toEqual({ ...watched, SIGTERM: 2 });
});

test('it stays away until the last listener of the app for the signal is removed', async () => {
  const { host } = start();
  const seen: number[] = [];
  const others = [() => {}, () => {}];
  host.on('SIGWINCH', others[0]!);
  host.on('SIGTERM', others[1]!);
  host.on('SIGTERM', () => {
    host.removeListener('SIGWINCH', others[0]!);
    seen.push(host.listenerCount('SIGTERM'));
    host.removeListener('SIGTERM', others[1]!);
    seen.push(host.listenerCount('SIGTERM'));
  });
  host.emit('SIGTERM');
  await turn();
  expect({ seen, watched: host.watched() }).toEqual({ seen: [2, 1], watched: { ...watched, SIGTERM: 2 } });
});

test('its listener runs before earlier listeners of the app', () => {
  const host = new FakeProcess();
  const seen: number[] = [];
  host.once('SIGTERM', () => seen.push(host.listenerCount('SIGTERM')));
  const { telemetry } = start({ host });
  host.emit('SIGTERM');
  expect({ calls: telemetry.calls, kills: host.kills }).toEqual({ calls: ['handOver'], kills: [] });
});

test('an app that raises the signal again once it finds no other listener still gets its flush', async () => {
  const { host, telemetry } = start();
  const onTerm = () => {
    if (host.listenerCount('SIGTERM') > 1) return;
    host.removeListener('SIGTERM', onTerm);
    // What the kernel does with a signal the process sends itself.
    if (host.listenerCount('SIGTERM') > 0) queueMicrotask(() => host.emit('SIGTERM'));
  };
  host.on('SIGTERM', onTerm);
  host.emit('SIGTERM');
  await turn();
  expect({ calls: telemetry.calls, kills: host.kills }).toEqual({
    calls: ['handOver', 'shutdown'],
    kills: [],
  });
  telemetry.finish();
  await turn();
  expect(host.kills).toEqual([[42, 'SIGTERM']]);
  const { SIGTERM: _, ...others } = watched;
  expect(host.watched()).toEqual(others);
});
