// The states of a sender of datagrams, with a channel that does as the test says.
import { describe, expect, test } from 'vitest';
import { errorWithCode } from '../../../src/runtime/error-code.js';
import type { DatagramChannel } from '../../../src/transport/datagram/datagram-channel.js';
import { DatagramSender } from '../../../src/transport/datagram/datagram-sender.js';
import { ChunkQueue } from '../../../src/transport/queue/chunk-queue.js';
import { Ledger } from '../../../src/transport/queue/delivery-ledger.js';
import type { LineLoss, TransportEvent } from '../../../src/transport/transport.js';
import { FakeClock } from '../../support/fake-clock.js';
import { chunkOf } from '../../support/lines.js';
import { transportOptions } from '../../support/transports.js';

const BACKOFF_MILLIS = 700;
const REFUSAL_MILLIS = 100;

class FakeChannel implements DatagramChannel {
  hasBackpressure = false;
  readonly refusalDelayMillis = REFUSAL_MILLIS;
  readonly sent: string[][] = [];
  readonly calls: string[] = [];
  /** Result of the next sends, by payload; undefined once used up. */
  results: (readonly (string | undefined)[])[] = [];
  openError: string | undefined;
  refuse = (): void => {};
  /** Sends wait for it. */
  room: Promise<void> = Promise.resolve();

  opened = 0;

  async open(): Promise<void> {
    this.opened += 1;
    if (this.openError !== undefined) throw errorWithCode(this.openError, 'cannot open');
  }

  async send(payloads: readonly Uint8Array[]): Promise<readonly (string | undefined)[]> {
    this.sent.push(payloads.map((bytes) => Buffer.from(bytes).toString().trimEnd()));
    await this.room;
    return this.results.shift() ?? payloads.map(() => undefined);
  }

  idle(): void {
    this.calls.push('idle');
  }

  backoffMillis(failures: number, cause: string): number {
    this.calls.push(`${failures} ${cause}`);
    return BACKOFF_MILLIS;
  }

  close(): void {
    this.calls.push('close');
  }
}

function start() {
  const clock = new FakeClock();
  const events: TransportEvent[] = [];
  const losses: LineLoss[] = [];
  const options = transportOptions({
    destination: { protocol: 'udp', host: '127.0.0.1', port: 8125 },
    clock,
    onEvent: (event) => events.push(event),
  });
  const queue = new ChunkQueue(options);
  const ledger = new Ledger((loss) => losses.push(loss));
  const channel = new FakeChannel();
  const sender = new DatagramSender(queue, ledger, options, (onRefused) => {
    channel.refuse = onRefused;
    return channel;
  });
  return {
    clock,
    events,
    losses,
    ledger,
    queue,
    channel,
    sender,
    /** Queues lines, each a datagram of its own. */
    send: (...lines: string[]) => {
      const chunk = chunkOf(lines, { maxPayloadBytes: 8 });
      queue.offer(chunk, clock.now());
      ledger.accept(chunk.lines, chunk.bytes.length);
      sender.notify(chunk);
    },
  };
}

/** Longer than any chain of promises here. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

describe('a sender of datagrams', () => {
  test('is idle, sends what is queued, and is idle again', async () => {
    const { channel, sender, send } = start();
    expect(sender.state).toBe('idle');
    send('a:1|c', 'b:1|c');
    expect(sender.state).toBe('sending');
    await settle();
    expect({ state: sender.state, sent: channel.sent, calls: channel.calls }).toEqual({
      state: 'idle',
      sent: [['a:1|c', 'b:1|c']],
      calls: ['idle'],
    });
  });

  test('backs off after a failure, probes with one datagram, and then sends the rest', async () => {
    const { clock, channel, sender, send, events, ledger } = start();
    channel.results = [['ECONNREFUSED', undefined, 'ECONNREFUSED']];
    send('a:1|c', 'b:1|c', 'c:1|c');
    await settle();
    expect({ state: sender.state, pendingMillis: clock.pendingMillis }).toEqual({
      state: 'backing-off',
      pendingMillis: [BACKOFF_MILLIS],
    });
    clock.advance(BACKOFF_MILLIS);
    await settle();
    expect({ state: sender.state, pendingMillis: clock.pendingMillis }).toEqual({
      state: 'probing',
      pendingMillis: [REFUSAL_MILLIS],
    });
    clock.advance(REFUSAL_MILLIS);
    await settle();
    expect(sender.state).toBe('idle');
    expect(channel.sent).toEqual([['a:1|c', 'b:1|c', 'c:1|c'], ['a:1|c'], ['c:1|c']]);
    expect(channel.calls).toEqual(['1 ECONNREFUSED', 'idle']);
    expect({ lines: ledger.written.lines, backoffMillis: ledger.backoffMillis }).toEqual({
      lines: 3,
      backoffMillis: BACKOFF_MILLIS,
    });
    expect(events).toEqual([
      { kind: 'outage', cause: 'ECONNREFUSED' },
      { kind: 'recovered', outageMillis: BACKOFF_MILLIS + REFUSAL_MILLIS },
    ]);
  });

  test('backs off longer when the probe is refused, and loses that datagram alone', async () => {
    const { clock, channel, sender, send } = start();
    channel.results = [['ECONNREFUSED']];
    send('a:1|c', 'b:1|c');
    await settle();
    clock.advance(BACKOFF_MILLIS);
    await settle();
    channel.refuse();
    clock.advance(REFUSAL_MILLIS);
    await settle();
    expect({ state: sender.state, calls: channel.calls }).toEqual({
      state: 'backing-off',
      calls: ['1 ECONNREFUSED', '2 ECONNREFUSED'],
    });
    expect(channel.sent).toEqual([['a:1|c', 'b:1|c'], ['a:1|c']]);
  });

  test('backs off when the socket cannot be opened, and tries at once when a flush waits', async () => {
    const { clock, channel, sender, send, ledger } = start();
    channel.openError = 'ENETUNREACH';
    send('a:1|c');
    await settle();
    expect({ state: sender.state, connectFailures: ledger.connectFailures }).toEqual({
      state: 'backing-off',
      connectFailures: { ENETUNREACH: 1 },
    });
    channel.openError = undefined;
    sender.retryNow();
    await settle();
    expect({ state: sender.state, sent: channel.sent, now: clock.now() }).toEqual({
      state: 'probing',
      sent: [['a:1|c']],
      now: 0,
    });
  });

  test('begins with a back-off after a refusal that arrives while it is idle', async () => {
    const { clock, channel, sender, send, events } = start();
    send('a:1|c');
    await settle();
    channel.refuse();
    expect({ state: sender.state, events }).toEqual({
      state: 'idle',
      events: [{ kind: 'outage', cause: 'ECONNREFUSED' }],
    });
    send('b:1|c');
    await settle();
    expect({ state: sender.state, pendingMillis: clock.pendingMillis }).toEqual({
      state: 'backing-off',
      pendingMillis: [BACKOFF_MILLIS],
    });
  });

  test('drops what the operating system rejects for itself, with its error code, and sends the rest', async () => {
    const { channel, sender, send, losses, ledger } = start();
    channel.results = [['EMSGSIZE', 'EINVAL', undefined]];
    send('a:1|c', 'bb:1|c', 'c:1|c');
    await settle();
    expect({ state: sender.state, lines: ledger.written.lines, udpTooLarge: ledger.udpTooLarge }).toEqual({
      state: 'idle',
      lines: 1,
      udpTooLarge: 1,
    });
    expect(losses).toEqual([
      { reason: 'too_large', lines: 1, bytes: 6, code: 'EMSGSIZE' },
      { reason: 'udp_error', lines: 1, bytes: 7, code: 'EINVAL' },
    ]);
  });

  test('sends what was not attempted again after a failure, in its order', async () => {
    const { clock, channel, sender, send, ledger } = start();
    channel.results = [[undefined, 'ENOBUFS']];
    send('a:1|c', 'b:1|c', 'c:1|c');
    await settle();
    expect([sender.state, ledger.written.lines, channel.calls]).toEqual(['backing-off', 1, ['1 ENOBUFS']]);
    clock.advance(BACKOFF_MILLIS);
    await settle();
    clock.advance(REFUSAL_MILLIS);
    await settle();
    expect([sender.state, ledger.written.lines, channel.sent]).toEqual([
      'idle',
      3,
      [['a:1|c', 'b:1|c', 'c:1|c'], ['b:1|c'], ['c:1|c']],
    ]);
  });

  test('sends what was not attempted again without a pause where nothing failed', async () => {
    const { channel, sender, send, ledger } = start();
    channel.results = [[undefined]];
    send('a:1|c', 'b:1|c', 'c:1|c');
    await settle();
    expect([sender.state, ledger.written.lines, channel.sent, channel.calls]).toEqual([
      'idle',
      3,
      [
        ['a:1|c', 'b:1|c', 'c:1|c'],
        ['b:1|c', 'c:1|c'],
      ],
      ['idle'],
    ]);
  });

  test('begins a second outage with the first back-off', async () => {
    const { clock, channel, sender, send } = start();
    for (const line of ['a:1|c', 'b:1|c']) {
      channel.results = [['ENOBUFS']];
      send(line);
      await settle();
      clock.advance(BACKOFF_MILLIS);
      await settle();
      clock.advance(REFUSAL_MILLIS);
      await settle();
    }
    expect([sender.state, channel.sent, channel.calls]).toEqual([
      'idle',
      [['a:1|c'], ['a:1|c'], ['b:1|c'], ['b:1|c']],
      ['1 ENOBUFS', 'idle', '1 ENOBUFS', 'idle'],
    ]);
  });

  test('backs off again when what follows a successful probe fails', async () => {
    const { clock, channel, sender, send } = start();
    channel.results = [['ENOBUFS'], [undefined], ['ENOBUFS']];
    send('a:1|c', 'b:1|c');
    await settle();
    clock.advance(BACKOFF_MILLIS);
    await settle();
    clock.advance(REFUSAL_MILLIS);
    await settle();
    expect([sender.state, channel.sent, channel.calls, clock.pendingMillis]).toEqual([
      'backing-off',
      [['a:1|c', 'b:1|c'], ['a:1|c'], ['b:1|c']],
      ['1 ENOBUFS', '1 ENOBUFS'],
      [BACKOFF_MILLIS],
    ]);
  });

  test.each(['EINVAL', 'EFAULT', 'EOPNOTSUPP'])('goes on after %s without a pause', async (code) => {
    const { channel, sender, send, ledger, events } = start();
    channel.results = [[undefined, code]];
    send('a:1|c', 'b:1|c');
    await settle();
    expect([sender.state, ledger.written.lines, ledger.dropped, channel.calls, events]).toEqual([
      'idle',
      1,
      { udp_error: 1 },
      ['idle'],
      [],
    ]);
  });

  test('handles a refusal that arrives while it waits for its turn before it sends', async () => {
    const { clock, channel, sender, send } = start();
    send('a:1|c');
    await Promise.resolve();
    channel.refuse();
    await settle();
    expect([sender.state, channel.sent, channel.calls]).toEqual(['backing-off', [], ['1 ECONNREFUSED']]);
    channel.refuse();
    clock.advance(BACKOFF_MILLIS);
    await settle();
    // Another one during the pause is another failure.
    expect([sender.state, channel.sent, channel.calls.at(-1)]).toEqual(['backing-off', [], '2 ECONNREFUSED']);
  });

  test('waits no longer than a tenth of a second while a flush waits', async () => {
    const { clock, channel, sender, send, ledger } = start();
    channel.openError = 'ENETUNREACH';
    send('a:1|c');
    await settle();
    const flushed = ledger.whenSettled(10_000, clock);
    sender.retryNow();
    await settle();
    expect([clock.pendingMillis.toSorted((a, b) => a - b)[0], ledger.connectFailures]).toEqual([
      100,
      { ENETUNREACH: 2 },
    ]);
    await sender.destroy();
    await flushed;
  });

  test('paces what exceeds a burst, faster while a flush waits', async () => {
    const lines = Array.from({ length: 40 }, (_, index) => `${index + 10}:1|c`);
    const usual = start();
    usual.send(...lines);
    await settle();
    expect([usual.channel.sent.map((burst) => burst.length), usual.clock.pendingMillis]).toEqual([[32], [8]]);
    const flushing = start();
    flushing.clock.advance(60_000);
    flushing.send(...lines);
    void flushing.ledger.whenSettled(10_000, flushing.clock);
    await settle();
    expect([flushing.channel.sent.map((burst) => burst.length), flushing.clock.pendingMillis]).toEqual([
      [32],
      [4, 10_000],
    ]);
    flushing.clock.advance(4);
    await settle();
    expect(flushing.channel.sent).toEqual([lines.slice(0, 32), lines.slice(32)]);
  });

  test('sends as fast as the deadline of a flush needs', async () => {
    const { clock, channel, send, ledger } = start();
    clock.advance(60_000);
    send(...Array.from({ length: 400 }, (_, index) => `${index + 100}:1|c`));
    void ledger.whenSettled(100, clock);
    await settle();
    clock.advance(8);
    await settle();
    expect(channel.sent.map((burst) => burst.length)).toEqual([32, 32]);
  });

  test('does not pace what waits for its receiver', async () => {
    const { channel, send, clock } = start();
    channel.hasBackpressure = true;
    const lines = Array.from({ length: 70 }, (_, index) => `${index + 10}:1|c`);
    send(...lines);
    for (let turn = 0; turn < 4; turn += 1) await settle();
    expect([channel.sent.map((burst) => burst.length), clock.now()]).toEqual([[32, 32, 6], 0]);
  });

  test('knows when the oldest of what is left was queued', async () => {
    const { clock, channel, sender, send } = start();
    expect(sender.oldestEnqueuedAt).toBeUndefined();
    clock.advance(5);
    channel.results = [['ENOBUFS']];
    send('a:1|c');
    await settle();
    clock.advance(5);
    send('b:1|c');
    expect(sender.oldestEnqueuedAt).toBe(5);
  });

  test('waits for a burst under way when it is closed, and counts it', async () => {
    const { channel, sender, send, ledger } = start();
    let finish = (): void => {};
    channel.room = new Promise((resolve) => {
      finish = resolve;
    });
    send('a:1|c', 'b:1|c');
    await settle();
    let isClosed = false;
    const closed = sender.destroy().then(() => {
      isClosed = true;
    });
    await settle();
    expect([isClosed, ledger.written.lines, ledger.dropped]).toEqual([false, 0, {}]);
    finish();
    await closed;
    expect([ledger.written.lines, ledger.dropped]).toEqual([2, {}]);
  });

  test('sends nothing and waits for nothing after it was closed', async () => {
    const { clock, channel, sender, send, events } = start();
    channel.openError = 'ENETUNREACH';
    send('a:1|c');
    await sender.destroy();
    channel.refuse();
    await settle();
    expect([sender.state, channel.sent, channel.calls, clock.pendingMillis, events]).toEqual([
      'closed',
      [],
      ['close'],
      [],
      [],
    ]);
  });

  test('leaves to the transport what is still queued when it is closed', async () => {
    const { channel, sender, send, queue, ledger } = start();
    let finish = (): void => {};
    channel.room = new Promise((resolve) => {
      finish = resolve;
    });
    for (const line of ['a:1|c', 'b:1|c', 'c:1|c']) send(line);
    await settle();
    const closed = sender.destroy();
    finish();
    await closed;
    await settle();
    expect([ledger.written.lines, ledger.inFlightLines, queue.chunks]).toEqual([1, 0, 2]);
  });

  test.each([
    ['a probe succeeds', [undefined]],
    ['a probe fails', ['ENETUNREACH']],
  ] as const)(
    'reports neither an outage nor its end after it was closed, even when %s',
    async (_what, result) => {
      const { clock, channel, sender, send, events } = start();
      channel.results = [['ENOBUFS'], result];
      send('a:1|c', 'b:1|c');
      await settle();
      let finish = (): void => {};
      channel.room = new Promise((resolve) => {
        finish = resolve;
      });
      clock.advance(BACKOFF_MILLIS);
      await settle();
      const closed = sender.destroy();
      finish();
      await closed;
      clock.advance(REFUSAL_MILLIS);
      await settle();
      expect(events).toEqual([{ kind: 'outage', cause: 'ENOBUFS' }]);
    },
  );

  test('does not open its channel again when it is closed during a back-off', async () => {
    const { channel, sender, send } = start();
    channel.openError = 'ENETUNREACH';
    send('a:1|c');
    await settle();
    expect([sender.state, channel.opened]).toEqual(['backing-off', 1]);
    await sender.destroy();
    await settle();
    expect([sender.state, channel.opened]).toEqual(['closed', 1]);
  });

  test.each([
    ['sending', []],
    ['backing-off', [['a:1|c', 'b:1|c']]],
    ['probing', [['a:1|c', 'b:1|c'], ['a:1|c']]],
  ] as const)(
    'closes while it is %s, sends nothing further, and counts what is left as dropped',
    async (state, sent) => {
      const { clock, channel, sender, send, ledger } = start();
      if (state !== 'sending') channel.results = [['ECONNREFUSED']];
      send('a:1|c', 'b:1|c');
      if (state !== 'sending') await settle();
      if (state === 'probing') clock.advance(BACKOFF_MILLIS);
      if (state === 'probing') await settle();
      expect(sender.state).toBe(state);
      await sender.destroy();
      await settle();
      const { written, dropped, inFlightLines } = ledger;
      expect([sender.state, channel.calls.at(-1), inFlightLines]).toEqual(['closed', 'close', 0]);
      expect(written.lines + (dropped.shutdown ?? 0)).toBe(2);
      send('l:1|c');
      await settle();
      expect([sender.state, channel.sent]).toEqual(['closed', sent]);
    },
  );
});
