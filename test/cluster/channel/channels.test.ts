// The channels over real sockets and ports, and over the events of a process.
import { EventEmitter, once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MessageChannel, type Worker as Thread } from 'node:worker_threads';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { BatchReceiver } from '../../../src/cluster/aggregator/batch-receiver.js';
import { openIpcChannel } from '../../../src/cluster/channel/ipc-channel.js';
import { encodeLine, LineDecoder } from '../../../src/cluster/channel/ndjson.js';
import { listenToPort, openPortChannel } from '../../../src/cluster/channel/port-channel.js';
import { listenToPortPeer, listenToThread } from '../../../src/cluster/channel/port-peers.js';
import { openSocketChannel } from '../../../src/cluster/channel/socket-channel.js';
import { SocketListener } from '../../../src/cluster/channel/socket-peers.js';
import { needs } from '../../support/platform.js';
import { Log, loggedReceiver, openLogged, welcome } from '../support/channel-log.js';

function socketPath(): string {
  const folder = mkdtempSync(join(tmpdir(), 'cluster-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, 'agg.sock');
}

function listen(path: string, receiver: BatchReceiver, messages: string[] = []): SocketListener {
  const listener = new SocketListener({ path, receiver, log: (message) => messages.push(message) });
  onTestFinished(() => listener.close());
  return listener;
}

describe('the line decoder', () => {
  it('restores messages however the stream is split, also within characters', () => {
    const messages = [{ a: 'first\nline' }, { b: 'schön 日本' }, {}];
    const bytes = Buffer.from(messages.map(encodeLine).join(''));
    for (let size = 1; size <= bytes.length; size += 1) {
      const decoder = new LineDecoder();
      const decoded: unknown[] = [];
      for (let at = 0; at < bytes.length; at += size)
        decoded.push(...decoder.decode(bytes.subarray(at, at + size)));
      expect(decoded).toEqual(messages);
    }
  });

  it('refuses a line that is not JSON, after the messages before it', () => {
    for (const line of ['nonsense', '', '{', '\r']) {
      const messages = new LineDecoder().decode(Buffer.from(`1\n${line}\n2\n`));
      expect(messages.next()).toEqual({ value: 1, done: false });
      expect(() => messages.next()).toThrow('a message is not JSON');
    }
  });

  it('refuses a line that is too long', () => {
    const decoder = new LineDecoder(10);
    expect([...decoder.decode(Buffer.from('12345'))]).toEqual([]);
    expect(() => [...decoder.decode(Buffer.from('678901'))]).toThrow('a message has more than 10 bytes');
  });
});

describe('a unix socket', () => {
  needs('socket files');

  it('carries messages both ways', async () => {
    const path = socketPath();
    const { receiver, log } = loggedReceiver();
    listen(path, receiver);
    const worker = openLogged(openSocketChannel(path));
    expect(await worker.log.take(2)).toEqual(['open', welcome]);
    const written = new Promise<void>((resolve) => worker.channel.send({ n: 1 }, resolve));
    expect([await log.take(1), await worker.log.take(1)]).toEqual([[{ n: 1 }], [{ echo: { n: 1 } }]]);
    await written;
    worker.channel.close();
    expect(await log.take(1)).toEqual(['left']);
  });

  it('reconnects when an aggregator returns', async () => {
    const path = socketPath();
    const worker = openLogged(openSocketChannel(path));
    const first = loggedReceiver();
    const listener = listen(path, first.receiver);
    expect(await worker.log.take(2)).toEqual(['open', welcome]);
    listener.close();
    expect(await worker.log.take(1)).toEqual(['closed']);
    const second = loggedReceiver();
    listen(path, second.receiver);
    expect(await worker.log.take(2)).toEqual(['open', welcome]);
  });

  it('replaces the socket file of a process that has ended', async () => {
    const path = socketPath();
    await leaveStaleSocket(path);
    const messages: string[] = [];
    listen(path, loggedReceiver().receiver, messages);
    const worker = openLogged(openSocketChannel(path));
    expect(await worker.log.take(2)).toEqual(['open', welcome]);
    expect(messages).toEqual([`removed ${path}, the socket of a process that has ended`]);
  });

  it('waits while another process listens', async () => {
    const path = socketPath();
    const other: Server = createServer().listen(path);
    await once(other, 'listening');
    const said = new Log();
    const listener = new SocketListener({
      path,
      receiver: loggedReceiver().receiver,
      log: (message) => said.add(message),
    });
    onTestFinished(() => listener.close());
    expect(await said.take(1)).toEqual([`workers cannot connect yet: another process listens on ${path}`]);
    other.close();
    const worker = openLogged(openSocketChannel(path));
    expect(await worker.log.take(2)).toEqual(['open', welcome]);
  });

  it('never removes a file that is not a socket', async () => {
    const path = socketPath();
    writeFileSync(path, 'precious');
    const said = new Log();
    const listener = new SocketListener({
      path,
      receiver: loggedReceiver().receiver,
      log: (message) => said.add(message),
    });
    onTestFinished(() => listener.close());
    expect(await said.take(1)).toEqual([
      `workers cannot connect yet: ${path} is not a socket, or cannot be removed`,
    ]);
  });
});

/** Leaves a socket file without a listener, as a killed process does. */
async function leaveStaleSocket(path: string): Promise<void> {
  const { fork } = await import('node:child_process');
  const script = join(path, '..', 'listen.cjs');
  writeFileSync(
    script,
    `require('net').createServer().listen(${JSON.stringify(path)}, () => process.send('up'));`,
  );
  const child = fork(script, { execArgv: [] });
  await once(child, 'message');
  child.kill('SIGKILL');
  await once(child, 'exit');
}

describe('a MessagePort', () => {
  it('carries messages both ways and closes with the other end', async () => {
    const { port1, port2 } = new MessageChannel();
    const { receiver, log } = loggedReceiver();
    listenToPortPeer(receiver, port1);
    const worker = openLogged(openPortChannel(port2));
    expect(await worker.log.take(2)).toEqual(['open', welcome]);
    worker.channel.send({ n: 1 }, () => {});
    expect([await log.take(1), await worker.log.take(1)]).toEqual([[{ n: 1 }], [{ echo: { n: 1 } }]]);
    port1.close();
    expect(await worker.log.take(1)).toEqual(['closed permanently']);
  });

  it('keeps its thread alive only for earlier listeners', () => {
    const [own, shared] = [new MessageChannel(), new MessageChannel()];
    shared.port1.on('message', () => {});
    for (const { port1 } of [own, shared]) listenToPort(port1, { onMessage: () => {}, onClose: () => {} });
    const isHolding = [own, shared].map(({ port1 }) => hasRef(port1));
    for (const { port1 } of [own, shared]) port1.close();
    expect(isHolding).toEqual([false, true]);
  });

  it('is offered through the port of the thread, which gets no listener', async () => {
    const thread = new MessageChannel();
    onTestFinished(() => thread.port1.close());
    const worker = openLogged(openPortChannel(thread.port2, thread.port2));
    expect(await worker.log.take(1)).toEqual(['open']);
    // Until an answer arrives, each message offers a new port.
    worker.channel.send({ n: 1 }, () => {});
    worker.channel.send({ n: 2 }, () => {});
    expect(thread.port2.listenerCount('message')).toBe(0);
    const { receiver, log } = loggedReceiver();
    listenToThread(receiver, thread.port1 as unknown as Thread);
    expect(await worker.log.take(2)).toEqual([welcome, { echo: { n: 2 } }]);
    worker.channel.send({ n: 3 }, () => {});
    expect(await worker.log.take(1)).toEqual([{ echo: { n: 3 } }]);
    worker.channel.close();
    while (log.entries.filter((entry) => entry === 'left').length < 2) await once(log, 'entry');
    // The first one may still have arrived.
    const received = log.entries.map((entry) => JSON.stringify(entry)).filter((entry) => entry !== '{"n":1}');
    expect(received.sort()).toEqual(['"left"', '"left"', '{"n":2}', '{"n":3}']);
  });
});

/** Missing in the types of Node. */
function hasRef(port: object): unknown {
  return 'hasRef' in port && typeof port.hasRef === 'function' && port.hasRef();
}

/** The IPC part of a forked `process`, with Node's count of references that keep it alive. */
class FakeProcess extends EventEmitter {
  connected = true;
  sent: object[] = [];
  references = 0;
  channel: object | null = {
    refCounted: () => {
      this.references += 1;
    },
    unrefCounted: () => {
      this.references -= 1;
    },
  };

  constructor() {
    super();
    const counts = (event: string): boolean => event === 'message' || event === 'disconnect';
    this.on('newListener', (event: string) => {
      if (counts(event)) this.references += 1;
    });
    this.on('removeListener', (event: string) => {
      if (counts(event)) this.references -= 1;
    });
  }

  send(message: object, _handle: undefined, _options: object, callback: () => void): boolean {
    if (!this.connected) throw new Error('channel closed');
    this.sent.push(message);
    callback();
    return true;
  }
}

describe('an IPC channel', () => {
  it('carries messages both ways and does not keep the process alive', async () => {
    const host = new FakeProcess();
    host.on('message', () => {});
    const { channel, log } = openLogged(openIpcChannel(host));
    expect(await log.take(1)).toEqual(['open']);
    channel.send({ n: 1 }, () => log.add('written'));
    host.emit('message', { n: 2 });
    expect({ sent: host.sent, taken: await log.take(2), references: host.references }).toEqual({
      sent: [{ n: 1 }],
      taken: ['written', { n: 2 }],
      references: 1,
    });
    channel.close();
    expect([host.references, host.listenerCount('message'), host.listenerCount('disconnect')]).toEqual([
      1, 1, 0,
    ]);
  });

  it('is closed permanently when the parent disconnects, and sending into it does not throw', async () => {
    const host = new FakeProcess();
    const { channel, log } = openLogged(openIpcChannel(host));
    await log.take(1);
    host.connected = false;
    channel.send({ n: 1 }, () => log.add('written'));
    host.channel = null;
    host.emit('disconnect');
    expect({ taken: await log.take(2), listenerCount: host.listenerCount('message') }).toEqual({
      taken: ['written', 'closed permanently'],
      listenerCount: 0,
    });
  });

  it('is closed from the start in a process without a parent channel', async () => {
    const host = new FakeProcess();
    host.connected = false;
    const { channel, log } = openLogged(openIpcChannel(host));
    channel.send({ n: 1 }, () => log.add('dropped'));
    expect(await log.take(2)).toEqual(['dropped', 'closed permanently']);
  });

  it('that is closed before it opens, also twice, leaves the process as it was', async () => {
    const host = new FakeProcess();
    const { channel, log } = openLogged(openIpcChannel(host));
    channel.close();
    channel.close();
    await Promise.resolve();
    expect([log.entries, host.references, host.listenerCount('message')]).toEqual([[], 0, 0]);
  });

  it.each([{}, null])('opens and closes in a runtime that counts no references: %o', async (own) => {
    const host = new FakeProcess();
    host.channel = own;
    const { channel, log } = openLogged(openIpcChannel(host));
    expect(await log.take(1)).toEqual(['open']);
    channel.close();
    expect(host.listenerCount('message')).toBe(0);
  });
});
