import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../src/runtime/clock.js';
import { yieldToEventLoop } from '../../src/runtime/yield.js';

/** The timers that keep this process alive. */
function holdingTimers(): number {
  return process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
}

test('a timer of the system clock keeps the process alive only if it is asked to', () => {
  const before = holdingTimers();
  const timers = [undefined, { holdProcess: false }, { holdProcess: true }].map((options) => {
    const timer = systemClock.after(60_000, () => {}, options);
    const held = holdingTimers() - before;
    timer.cancel();
    return held;
  });
  expect(timers).toEqual([0, 0, 1]);
});

test('a timer of the system clock fires once, and not after it was cancelled', async () => {
  const fired: string[] = [];
  systemClock.after(1, () => fired.push('cancelled')).cancel();
  await new Promise<void>((resolve) => {
    systemClock.after(1, () => fired.push('first'), { holdProcess: true });
    systemClock.after(2, resolve, { holdProcess: true });
  });
  expect(fired).toEqual(['first']);
});

test('what was due before runs while work yields to the event loop', async () => {
  const order: string[] = [];
  setImmediate(() => order.push('due'));
  await yieldToEventLoop();
  expect([...order, 'after']).toEqual(['due', 'after']);
});

/** Both ends of a TCP connection. */
async function connection(): Promise<[Socket, Socket]> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a port');
  const client = connect(address.port, '127.0.0.1');
  const [[accepted]] = await Promise.all([once(server, 'connection'), once(client, 'connect')]);
  onTestFinished(() => {
    client.destroy();
    accepted.destroy();
    server.close();
  });
  return [client, accepted];
}

function blockFor(millis: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, millis);
}

test('a deadline that passes while the process is blocked comes after what has arrived meanwhile', async () => {
  const [client, accepted] = await connection();
  const events: string[] = [];
  accepted.on('data', (text) => events.push(String(text)));
  client.write('in time');
  await new Promise<void>((resolve) => {
    systemClock.after(5, () => {
      events.push('deadline');
      resolve();
    });
    blockFor(50);
  });

  expect(events).toEqual(['in time', 'deadline']);
});

test('a timer of the system clock that is cancelled when it is due does not fire', async () => {
  const fired: string[] = [];
  const timer = systemClock.after(5, () => fired.push('cancelled'));
  // Due at the same time and set later: it runs before the turn of the first.
  await new Promise<void>((resolve) => {
    setTimeout(() => {
      timer.cancel();
      resolve();
    }, 5);
  });
  await new Promise<void>((resolve) => systemClock.after(20, resolve, { holdProcess: true }));
  expect(fired).toEqual([]);
});
