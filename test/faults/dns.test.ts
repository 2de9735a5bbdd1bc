// Lookups that hang, fail, or answer with another address than before.
import { once } from 'node:events';
import { connect, type LookupFunction } from 'node:net';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { skipWithout } from '../support/platform.js';
import { startTransport } from '../support/transports.js';
import { deliveryOf, numberedLines, processed } from './support/delivery.js';
import { startFaultServer } from './support/fault-server.js';

const FLUSH_MILLIS = 20_000;

const PROTOCOLS = ['udp', 'tcp'] as const;

const packing = (protocol: 'udp' | 'tcp') => (protocol === 'udp' ? { maxPayloadBytes: 1_432 } : {});

/** A name service of which a test decides what it answers, and whether it does. */
class NameService {
  answer: string | Error | 'nothing' = 'nothing';
  calls = 0;
  #unanswered: (() => void)[] = [];

  readonly lookup: LookupFunction = (_host, _options, callback) => {
    this.calls += 1;
    const reply = (): void => {
      if (this.answer instanceof Error) callback(this.answer as NodeJS.ErrnoException, '');
      else callback(null, [{ address: this.answer, family: 4 }]);
    };
    if (this.answer === 'nothing') this.#unanswered.push(reply);
    else setImmediate(reply);
  };

  /** Answers what hangs, as late as that may be. */
  wakeUp(answer: string): void {
    this.answer = answer;
    for (const reply of this.#unanswered.splice(0)) reply();
  }
}

describe.each(PROTOCOLS)('over %s', (protocol) => {
  test('a lookup that hangs stays the only one, however long it takes and however many lines wait', async () => {
    const server = await startFaultServer({ protocol });
    const names = new NameService();
    const transport = startTransport({
      destination: { protocol, host: 'statsd.test', port: server.port },
      lookup: names.lookup,
      connectTimeoutMillis: 100,
    });
    // No more datagrams than a default receive buffer holds.
    for (let first = 0; first < 1_000; first += 100) {
      transport.sendLines(numberedLines(100, { first }), packing(protocol));
    }
    await transport.until(({ dnsFailures }) => dnsFailures >= 3);
    expect([names.calls, transport.stats().queuedLines + transport.stats().inFlightLines]).toEqual([
      1, 1_000,
    ]);
    names.wakeUp('127.0.0.1');
    expect(await transport.flush(FLUSH_MILLIS)).toBe(true);
    await processed(server, 1_000);
    expect(deliveryOf(server, 1_000)).toEqual({ lost: 0, duplicated: 0, inOrder: true });
    expect(transport.events.map(({ kind }) => kind)).toEqual(['outage', 'recovered']);
  });

  test('a lookup that fails is repeated, and lines are kept meanwhile', async () => {
    const server = await startFaultServer({ protocol });
    const names = new NameService();
    names.answer = Object.assign(new Error('no such host'), { code: 'ENOTFOUND' });
    const transport = startTransport({
      destination: { protocol, host: 'statsd.test', port: server.port },
      lookup: names.lookup,
    });
    transport.sendLines(numberedLines(1_000), packing(protocol));
    await transport.until(({ dnsFailures }) => dnsFailures >= 3);
    names.answer = '127.0.0.1';
    expect(await transport.flush(FLUSH_MILLIS)).toBe(true);
    await processed(server, 1_000);
    expect(deliveryOf(server, 1_000)).toEqual({ lost: 0, duplicated: 0, inOrder: true });
  });

  test('a name service that fails later loses nothing while the address still answers', async () => {
    const server = await startFaultServer({ protocol });
    const names = new NameService();
    names.answer = '127.0.0.1';
    const transport = startTransport({
      destination: { protocol, host: 'statsd.test', port: server.port },
      lookup: names.lookup,
    });
    transport.sendLines(numberedLines(100), packing(protocol));
    expect(await transport.flush(FLUSH_MILLIS)).toBe(true);
    names.answer = Object.assign(new Error('try again later'), { code: 'EAI_AGAIN' });
    transport.sendLines(numberedLines(100, { first: 100 }), packing(protocol));
    expect(await transport.flush(FLUSH_MILLIS)).toBe(true);
    await processed(server, 200);
    expect(deliveryOf(server, 200)).toEqual({ lost: 0, duplicated: 0, inOrder: true });
  });

  test('a name that moves when its server has gone is followed', async () => {
    const old = await startFaultServer({ protocol });
    const names = new NameService();
    names.answer = '127.0.0.1';
    const transport = startTransport({
      destination: { protocol, host: 'statsd.test', port: old.port },
      lookup: names.lookup,
    });
    transport.sendLines(numberedLines(100), packing(protocol));
    expect(await transport.flush(FLUSH_MILLIS)).toBe(true);
    await processed(old, 100);

    const young = await startFaultServer({ protocol, host: '127.0.0.2', port: old.port });
    await old.kill();
    names.answer = '127.0.0.2';
    // Over udp, the first datagrams show that no process listens any more; they are lost.
    let sent = 0;
    while (young.lines().length === 0) {
      transport.sendLines([`later${sent}:1|c`], packing(protocol));
      sent += 1;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(await transport.flush(FLUSH_MILLIS)).toBe(true);
    await vi.waitUntil(() => young.lines().at(-1) === `later${sent - 1}:1|c`);
    const { udpRefused, dnsChanges } = transport.stats();
    expect(sent - young.lines().length).toBeLessThanOrEqual(protocol === 'udp' ? udpRefused : 0);
    expect(dnsChanges).toBe(1);
  });
});

test('over tcp, a name that moves while its server lives on is followed with the next segment', async () => {
  const old = await startFaultServer({ protocol: 'tcp' });
  const young = await startFaultServer({ protocol: 'tcp', host: '127.0.0.2', port: old.port });
  const names = new NameService();
  names.answer = '127.0.0.1';
  const transport = startTransport({
    destination: { protocol: 'tcp', host: 'statsd.test', port: old.port },
    lookup: names.lookup,
  });
  transport.sendLines(['before:1|c']);
  expect(await transport.flush(FLUSH_MILLIS)).toBe(true);
  names.answer = '127.0.0.2';
  transport.sendLines(['after:1|c']);
  expect(await transport.flush(FLUSH_MILLIS)).toBe(true);
  expect([old.lines(), young.lines(), transport.stats().dnsChanges]).toEqual([
    ['before:1|c'],
    ['after:1|c'],
    1,
  ]);
});

describe('of two addresses the first', () => {
  const bothAddresses: LookupFunction = (_host, _options, callback) =>
    callback(
      null,
      ['127.0.0.2', '127.0.0.1'].map((address) => ({ address, family: 4 })),
    );

  test.each(PROTOCOLS)('refuses connections: the second gets everything (%s)', async (protocol) => {
    const server = await startFaultServer({ protocol });
    const transport = startTransport({
      destination: { protocol, host: 'statsd.test', port: server.port },
      lookup: bothAddresses,
    });
    transport.sendLines(numberedLines(1_000), packing(protocol));
    expect(await transport.flush(FLUSH_MILLIS)).toBe(true);
    await vi.waitUntil(() => server.lines().at(-1) === 'line999:1|c');
    const { lost, duplicated, inOrder } = deliveryOf(server, 1_000);
    expect({ duplicated, inOrder }).toEqual({ duplicated: 0, inOrder: true });
    expect(lost).toBeLessThanOrEqual(protocol === 'udp' ? 14 * transport.stats().udpRefused : 0);
  });

  test('does not answer: the second is tried after a second, and stays in use', async () => {
    skipWithout('signals');
    const server = await startFaultServer({ protocol: 'tcp' });
    const silent = await startFaultServer({
      protocol: 'tcp',
      host: '127.0.0.2',
      port: server.port,
      backlog: 1,
    });
    silent.signal('SIGSTOP');
    // A backlog of one holds two; who comes later gets no answer.
    for (let index = 0; index < 2; index += 1) {
      const socket = connect(server.port, '127.0.0.2');
      onTestFinished(() => void socket.destroy());
      socket.on('error', () => {});
      await once(socket, 'connect');
    }
    const transport = startTransport({
      destination: { protocol: 'tcp', host: 'statsd.test', port: server.port },
      lookup: bothAddresses,
      // Long enough that only the second address can explain a delivery.
      connectTimeoutMillis: 600_000,
    });
    for (const first of [0, 1_000]) {
      transport.sendLines(numberedLines(1_000, { first }));
      expect(await transport.flush(FLUSH_MILLIS)).toBe(true);
    }
    expect(deliveryOf(server, 2_000)).toEqual({ lost: 0, duplicated: 0, inOrder: true });
    const { connects, connectFailures } = transport.stats();
    expect({ connects, connectFailures }).toEqual({ connects: 2, connectFailures: {} });
  });
});
