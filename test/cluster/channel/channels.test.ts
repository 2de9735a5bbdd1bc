// The channels on what they are made of: sockets, ports and the events of a process.
import { EventEmitter, once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MessageChannel, type Worker as Thread } from 'node:worker_threads';
import { describe, expect, it, onTestFinished } from 'vitest';
import { BatchReceiver } from '../../../src/cluster/aggregator/batch-receiver.js';
import type { Channel, OpenChannel } from '../../../src/cluster/channel/channel.js';
import { openIpcChannel } from '../../../src/cluster/channel/ipc-channel.js';
import { encodeLine, LineDecoder } from '../../../src/cluster/channel/ndjson.js';
import { listenToPort, openPortChannel } from '../../../src/cluster/channel/port-channel.js';
import { listenToPortPeer, listenToThread } from '../../../src/cluster/channel/port-peers.js';
import { openSocketChannel } from '../../../src/cluster/channel/socket-channel.js';
import { SocketListener } from '../../../src/cluster/channel/socket-peers.js';

/** What a channel tells, in words, and a way to wait for the next of them. */
class Log extends EventEmitter {
  readonly entries: unknown[] = [];

  add(entry: unknown): void {
    this.entries.push(entry);
    this.emit('entry');
  }

  async take(count: number): Promise<unknown[]> {
    while (this.entries.length < count) await once(this, 'entry');
    return this.entries.splice(0);
  }
}

function openLogged(open: OpenChannel): { channel: Channel; log: Log } {
  const log = new Log();
  const channel = open({
    onOpen: () => log.add('open'),
    onMessage: (message) => log.add(message),
    onClose: (forGood) => log.add(forGood ? 'closed for good' : 'closed'),
  });
  onTestFinished(() => channel.close());
  return { channel, log };
}

function loggedInbox(): { inbox: BatchReceiver; log: Log } {
  const log = new Log();
  class LoggedInbox extends BatchReceiver {
    override receive(peer: Parameters<BatchReceiver['receive']>[0], value: unknown): void {
      log.add(value);
      peer.send({ echo: value });
    }

    override leave(): void {
      log.add('left');
    }
  }
  const owner = {
    ...{ add: () => ({ merged: 0, refused: 0 }), forget: () => {}, patienceMillis: () => 1, now: () => 0 },
  };
  return { inbox: new LoggedInbox('agg', owner), log };
}

const here = { 'opentelemetry-exporter-statsd': 1, kind: 'here', to: '*', aggregator: 'agg' };

function socketPath(): string {
  const folder = mkdtempSync(join(tmpdir(), 'cluster-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, 'agg.sock');
}

function listen(path: string, inbox: BatchReceiver, messages: string[] = []): SocketListener {
  const listener = new SocketListener({ path, inbox, log: (message) => messages.push(message) });
  onTestFinished(() => listener.close());
  return listener;
}

describe('lines of JSON', () => {
  it('arrive whole however the stream is cut, within characters too', () => {
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

  it('may be no JSON, but must end', () => {
    const decoder = new LineDecoder(10);
    expect(decoder.decode(Buffer.from('nonsense\n1\n'))).toEqual([undefined, 1]);
    decoder.decode(Buffer.from('12345'));
    expect(() => decoder.decode(Buffer.from('678901'))).toThrow('a line without an end');
  });
});

describe('a unix socket', () => {
  it('carries messages both ways', async () => {
    const path = socketPath();
    const { inbox, log } = loggedInbox();
    listen(path, inbox);
    const worker = openLogged(openSocketChannel(path));
    expect(await worker.log.take(2)).toEqual(['open', here]);
    const written = new Promise<void>((resolve) => worker.channel.send({ n: 1 }, resolve));
    expect([await log.take(1), await worker.log.take(1)]).toEqual([[{ n: 1 }], [{ echo: { n: 1 } }]]);
    await written;
    worker.channel.close();
    expect(await log.take(1)).toEqual(['left']);
  });

  it('opens again when an aggregator comes back', async () => {
    const path = socketPath();
    const worker = openLogged(openSocketChannel(path));
    const first = loggedInbox();
    const listener = listen(path, first.inbox);
    expect(await worker.log.take(2)).toEqual(['open', here]);
    listener.close();
    expect(await worker.log.take(1)).toEqual(['closed']);
    const second = loggedInbox();
    listen(path, second.inbox);
    expect(await worker.log.take(2)).toEqual(['open', here]);
  });

  it('takes over the file of a process that is gone', async () => {
    const path = socketPath();
    await leaveStaleSocket(path);
    const messages: string[] = [];
    listen(path, loggedInbox().inbox, messages);
    const worker = openLogged(openSocketChannel(path));
    expect(await worker.log.take(2)).toEqual(['open', here]);
    expect(messages).toEqual([`${path} was left behind by a process that is gone; it is removed`]);
  });

  it('waits for a process that is not gone', async () => {
    const path = socketPath();
    const other: Server = createServer().listen(path);
    await once(other, 'listening');
    const said = new Log();
    const listener = new SocketListener({
      path,
      inbox: loggedInbox().inbox,
      log: (message) => said.add(message),
    });
    onTestFinished(() => listener.close());
    expect(await said.take(1)).toEqual([
      `workers can not connect yet: ${path} belongs to another process that listens there`,
    ]);
    other.close();
    const worker = openLogged(openSocketChannel(path));
    expect(await worker.log.take(2)).toEqual(['open', here]);
  });

  it('removes nothing that is no socket', async () => {
    const path = socketPath();
    writeFileSync(path, 'precious');
    const said = new Log();
    const listener = new SocketListener({
      path,
      inbox: loggedInbox().inbox,
      log: (message) => said.add(message),
    });
    onTestFinished(() => listener.close());
    expect(await said.take(1)).toEqual([
      `workers can not connect yet: ${path} is not a socket, or cannot be removed`,
    ]);
  });

  it('ends a connection whose line has no end, and serves the others', async () => {
    const path = socketPath();
    const { inbox, log } = loggedInbox();
    listen(path, inbox);
    const worker = openLogged(openSocketChannel(path));
    await worker.log.take(2);
    const hostile = connect(path);
    hostile.on('error', () => {});
    const closed = new Promise((resolve) => hostile.on('close', resolve));
    const chunk = Buffer.alloc(2 ** 20, 'x');
    const pour = (): void => {
      while (!hostile.destroyed && hostile.write(chunk));
    };
    hostile.on('drain', pour).on('connect', pour).resume();
    await closed;
    expect(await log.take(1)).toEqual(['left']);
    worker.channel.send({ n: 1 }, () => {});
    expect(await log.take(1)).toEqual([{ n: 1 }]);
  });
});

/** As a killed process leaves one: there is a file, and nobody listens. */
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
  it('carries messages both ways, and ends with the other side', async () => {
    const { port1, port2 } = new MessageChannel();
    const { inbox, log } = loggedInbox();
    listenToPortPeer(inbox, port1);
    const worker = openLogged(openPortChannel(port2));
    expect(await worker.log.take(2)).toEqual(['open', here]);
    worker.channel.send({ n: 1 }, () => {});
    expect([await log.take(1), await worker.log.take(1)]).toEqual([[{ n: 1 }], [{ echo: { n: 1 } }]]);
    port1.close();
    expect(await worker.log.take(1)).toEqual(['closed for good']);
  });

  it('holds its thread only for those who listened there before', () => {
    const [own, shared] = [new MessageChannel(), new MessageChannel()];
    shared.port1.on('message', () => {});
    for (const { port1 } of [own, shared]) listenToPort(port1, { onMessage: () => {}, onClose: () => {} });
    const isHolding = [own, shared].map(({ port1 }) => hasRef(port1));
    for (const { port1 } of [own, shared]) port1.close();
    expect(isHolding).toEqual([false, true]);
  });

  it('of its own is passed through that of the thread, which nobody listens to', async () => {
    const thread = new MessageChannel();
    onTestFinished(() => thread.port1.close());
    const worker = openLogged(openPortChannel(thread.port2, thread.port2));
    expect(await worker.log.take(1)).toEqual(['open']);
    // As long as nobody answers, each message offers another port.
    worker.channel.send({ n: 1 }, () => {});
    worker.channel.send({ n: 2 }, () => {});
    expect(thread.port2.listenerCount('message')).toBe(0);
    const { inbox, log } = loggedInbox();
    listenToThread(inbox, thread.port1 as unknown as Thread);
    expect(await worker.log.take(2)).toEqual([here, { echo: { n: 2 } }]);
    worker.channel.send({ n: 3 }, () => {});
    expect(await worker.log.take(1)).toEqual([{ echo: { n: 3 } }]);
    worker.channel.close();
    while (log.entries.filter((entry) => entry === 'left').length < 2) await once(log, 'entry');
    // The first one may still have arrived.
    const received = log.entries.map((entry) => JSON.stringify(entry)).filter((entry) => entry !== '{"n":1}');
    expect(received.sort()).toEqual(['"left"', '"left"', '{"n":2}', '{"n":3}']);
  });
});

/** Left out of the types of Node. */
function hasRef(port: object): unknown {
  return 'hasRef' in port && typeof port.hasRef === 'function' && port.hasRef();
}

/** As much of `process` as there is in a forked one, with Node's count of reasons to live. */
class FakeProcess extends EventEmitter {
  connected = true;
  sent: object[] = [];
  reasons = 0;
  channel: object | null = {
    refCounted: () => {
      this.reasons += 1;
    },
    unrefCounted: () => {
      this.reasons -= 1;
    },
  };

  constructor() {
    super();
    const counts = (event: string): boolean => event === 'message' || event === 'disconnect';
    this.on('newListener', (event: string) => {
      if (counts(event)) this.reasons += 1;
    });
    this.on('removeListener', (event: string) => {
      if (counts(event)) this.reasons -= 1;
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
  it('carries messages both ways and adds no reason to live', async () => {
    const host = new FakeProcess();
    host.on('message', () => {});
    const { channel, log } = openLogged(openIpcChannel(host));
    expect(await log.take(1)).toEqual(['open']);
    channel.send({ n: 1 }, () => log.add('written'));
    host.emit('message', { n: 2 });
    expect([host.sent, await log.take(2), host.reasons]).toEqual([[{ n: 1 }], ['written', { n: 2 }], 1]);
    channel.close();
    expect([host.reasons, host.listenerCount('message'), host.listenerCount('disconnect')]).toEqual([
      1, 1, 0,
    ]);
  });

  it('is gone for good when the parent lets go, and sending into it hurts nobody', async () => {
    const host = new FakeProcess();
    const { channel, log } = openLogged(openIpcChannel(host));
    await log.take(1);
    host.connected = false;
    channel.send({ n: 1 }, () => log.add('written'));
    host.channel = null;
    host.emit('disconnect');
    expect([await log.take(2), host.listenerCount('message')]).toEqual([['written', 'closed for good'], 0]);
  });

  it('is gone from the beginning in a process that nobody forked', async () => {
    const host = new FakeProcess();
    host.connected = false;
    const { log } = openLogged(openIpcChannel(host));
    expect(await log.take(1)).toEqual(['closed for good']);
  });
});
