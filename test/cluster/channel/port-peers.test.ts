import { EventEmitter, once } from 'node:events';
import { MessageChannel, type Worker as Thread } from 'node:worker_threads';
import { describe, expect, it, onTestFinished } from 'vitest';
import { BatchReceiver } from '../../../src/cluster/aggregator/batch-receiver.js';
import { openPortChannel } from '../../../src/cluster/channel/port-channel.js';
import { listenToPortPeer, listenToThread } from '../../../src/cluster/channel/port-peers.js';
import { offeredPort, PROTOCOL, portOffer } from '../../../src/cluster/protocol/messages.js';
import { FakeClock } from '../../support/fake-clock.js';
import { Log, loggedReceiver, openLogged, welcome } from '../support/channel-log.js';

/** A worker thread as its parent sees it. */
class FakeThread extends EventEmitter {
  get asThread(): Thread {
    return this as unknown as Thread;
  }

  /** Offers a port; returns the thread's end. */
  offer(): { readonly log: Log; readonly close: () => void } {
    const { port1, port2 } = new MessageChannel();
    const log = new Log();
    port1.on('message', (message) => log.add(message));
    port1.on('close', () => log.add('closed'));
    onTestFinished(() => port1.close());
    this.emit('message', portOffer(port2));
    return { log, close: () => port1.close() };
  }
}

describe('a thread', () => {
  it('may have a hundred ports; one more is closed and counted, until another has closed', async () => {
    const { receiver, log } = loggedReceiver();
    const thread = new FakeThread();
    onTestFinished(listenToThread(receiver, thread.asThread));
    const ports = Array.from({ length: 100 }, () => thread.offer());
    expect(await Promise.all(ports.map((port) => port.log.take(1)))).toEqual(ports.map(() => [welcome]));
    expect(await thread.offer().log.take(1)).toEqual(['closed']);
    expect([receiver.stats().refused, log.entries.splice(0)]).toEqual([
      1,
      ['messages of workers are refused: a thread has offered more than 100 ports'],
    ]);
    ports[0]?.close();
    expect(await log.take(1)).toEqual(['left']);
    expect(await thread.offer().log.take(1)).toEqual([welcome]);
    expect(receiver.stats().refused).toBe(1);
  });

  it('may send messages of the app, which are left alone', () => {
    const { receiver, log } = loggedReceiver();
    const thread = new FakeThread();
    listenToThread(receiver, thread.asThread);
    thread.emit('message', { any: 'thing' });
    expect([log.entries, receiver.stats()]).toMatchObject([[], { refused: 0, malformed: 0 }]);
  });

  it('is not heard once listening has stopped, neither for offers nor on its ports', async () => {
    const { receiver, log } = loggedReceiver();
    const thread = new FakeThread();
    const stop = listenToThread(receiver, thread.asThread);
    const port = thread.offer();
    expect(await port.log.take(1)).toEqual([welcome]);
    stop();
    port.close();
    await port.log.take(1);
    await new Promise(setImmediate);
    expect([thread.listenerCount('message'), log.entries]).toEqual([0, []]);
  });
});

describe('a port', () => {
  it('whose other end closes leaves the receiver, and the caller learns of it', async () => {
    const { port1, port2 } = new MessageChannel();
    const { receiver, log } = loggedReceiver();
    listenToPortPeer(receiver, port1, () => log.add('closed'));
    port2.close();
    expect(await log.take(2)).toEqual(['left', 'closed']);
  });

  it('that the worker closes before it opens gives no event, and is as it was', async () => {
    const { port1, port2 } = new MessageChannel();
    onTestFinished(() => port1.close());
    const worker = openLogged(openPortChannel(port2));
    worker.channel.close();
    worker.channel.close();
    port1.postMessage({ n: 1 });
    const listeners = ['message', 'close'].map((event) => port2.listenerCount(event));
    expect(await once(port2, 'message')).toEqual([{ n: 1 }]);
    expect([worker.log.entries, listeners]).toEqual([[], [0, 0]]);
  });

  it('takes each message at once, also one that cannot be cloned and is lost', () => {
    const { port1, port2 } = new MessageChannel();
    onTestFinished(() => port1.close());
    const worker = openLogged(openPortChannel(port2));
    const written: string[] = [];
    worker.channel.send({ f: () => {} }, () => written.push('lost'));
    worker.channel.send({ n: 1 }, () => written.push('sent'));
    expect(written).toEqual(['lost', 'sent']);
  });
});

describe('a port that is offered', () => {
  /** The thread's end of `parentPort`, and the parent's. */
  function startThread() {
    const { port1: parent, port2: shared } = new MessageChannel();
    onTestFinished(() => parent.close());
    return { parent, worker: openLogged(openPortChannel(shared, shared)) };
  }

  it('that is closed before it opens gives no event', async () => {
    const { worker } = startThread();
    worker.channel.close();
    await new Promise(setImmediate);
    expect(worker.log.entries).toEqual([]);
  });

  it('that was answered is used from then on, and closes the channel permanently when it closes', async () => {
    const { parent, worker } = startThread();
    worker.channel.send({ n: 1 }, () => worker.log.add('written'));
    const [offer] = await once(parent, 'message');
    const port = offeredPort(offer)!;
    port.postMessage('answer');
    expect(await worker.log.take(3)).toEqual(['written', 'open', 'answer']);
    port.on('message', () => {});
    worker.channel.send({ n: 2 }, () => worker.log.add('written'));
    port.close();
    expect(await worker.log.take(2)).toEqual(['written', 'closed permanently']);
    worker.channel.send({ n: 3 }, () => worker.log.add('written'));
    expect(await worker.log.take(1)).toEqual(['written']);
  });

  it('is replaced with the next message, and then neither answers nor closes the channel', async () => {
    const { parent, worker } = startThread();
    const offers: unknown[] = [];
    parent.on('message', (message) => offers.push(message));
    worker.channel.send({ n: 1 }, () => {});
    worker.channel.send({ n: 2 }, () => {});
    while (offers.length < 2) await once(parent, 'message');
    const [first, second] = offers.map((offer) => offeredPort(offer)!);
    await new Promise((resolve) => first!.on('close', resolve).start());
    second!.postMessage('answer');
    expect(await worker.log.take(2)).toEqual(['open', 'answer']);
  });

  it('is replaced, too, when the parent closes it without an answer', async () => {
    const { parent, worker } = startThread();
    const offers: unknown[] = [];
    parent.on('message', (message) => offers.push(message));
    worker.channel.send({ n: 1 }, () => {});
    while (offers.length < 1) await once(parent, 'message');
    offeredPort(offers[0])!.close();
    for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate);
    expect(worker.log.entries).toEqual(['open']);
    worker.channel.send({ n: 2 }, () => {});
    while (offers.length < 2) await once(parent, 'message');
    offeredPort(offers[1])!.postMessage('answer');
    expect(await worker.log.take(2)).toEqual(['open', 'answer']);
  });

  it('leaves the receiver when the worker closes it before an answer', async () => {
    const { parent, worker } = startThread();
    const { receiver, log } = loggedReceiver();
    worker.channel.send({ n: 1 }, () => {});
    worker.channel.close();
    onTestFinished(listenToThread(receiver, parent as unknown as Thread));
    expect(await log.take(2)).toEqual([{ n: 1 }, 'left']);
    worker.channel.send({ n: 2 }, () => log.add('dropped'));
    expect([await log.take(1), worker.log.entries]).toEqual([['dropped'], []]);
  });
});

it('a port with thousands of messages at once has two hundred wait for their turn; further ones are refused', () => {
  const clock = new FakeClock();
  const logged: string[] = [];
  const receiver = new BatchReceiver({
    name: 'agg',
    add: () => ({ merged: 0, dropped: {} }),
    removeWorker: () => {},
    staleAfterMillis: () => 1,
    now: () => 0,
    log: (message) => logged.push(message),
    // A message takes ten milliseconds, longer than a turn.
    clock: { now: () => 10 * received, after: (...timer) => clock.after(...timer) },
  });
  let received = 0;
  const { receive } = receiver;
  receiver.receive = (...message) => {
    received += 1;
    receive.apply(receiver, message);
  };
  const peer = { send: () => {} };
  const hello = { [PROTOCOL]: 1, kind: 'hello', from: 'w', secret: 's' };
  for (let count = 0; count < 3_000; count += 1) receiver.receiveInTurn(peer, hello);
  expect({ received, refused: receiver.stats().refused, logged }).toEqual({
    received: 1,
    refused: 2_799,
    logged: ['messages of workers are refused: more than 200 messages of a port wait to be processed'],
  });
  clock.advance(1);
  expect(received).toBe(201);
});
