import { describe, expect, it } from 'vitest';
import { type Peer, WorkerRegistry } from '../../../src/cluster/aggregator/worker-registry.js';

const peer = (): Peer => ({ send: () => {} });

function identify(
  registry: WorkerRegistry,
  on: Peer,
  from: string,
  { secret = `secret of ${from}`, now = 0 } = {},
) {
  return registry.identify(on, { from, secret }, now);
}

describe('a worker', () => {
  it('is new with its first message: it has the lowest number, no batch yet, and is never stale', () => {
    const registry = new WorkerRegistry();
    const channel = peer();
    expect(identify(registry, channel, 'w', { now: 5 })).toEqual({
      kind: 'live',
      worker: {
        ...{ peer: channel, secret: 'secret of w', seenAt: 5, lastSequence: 0, instance: 1 },
        staleAfterMillis: Number.POSITIVE_INFINITY,
      },
    });
    expect([registry.seen, [...registry.live.keys()], registry.staleCount(1e9)]).toEqual([1, ['w'], 0]);
  });

  it('is seen with each message', () => {
    const registry = new WorkerRegistry();
    const channel = peer();
    const sender = identify(registry, channel, 'w', { now: 10 });
    if (sender.kind === 'live') sender.worker.staleAfterMillis = 30;
    expect([registry.staleCount(40), registry.staleCount(41)]).toEqual([0, 1]);
    expect(identify(registry, channel, 'w', { now: 11 })).toEqual(sender);
    expect([registry.staleCount(41), registry.staleCount(42), registry.seen]).toEqual([0, 1, 1]);
  });

  it('keeps its number and its last batch on another channel, which it then belongs to', () => {
    const registry = new WorkerRegistry();
    const [first, second] = [peer(), peer()];
    const sender = identify(registry, first, 'w');
    if (sender.kind === 'live') Object.assign(sender.worker, { lastSequence: 7, staleAfterMillis: 30 });
    identify(registry, first, 'x');
    expect(identify(registry, second, 'w', { now: 9 })).toEqual({
      kind: 'live',
      worker: {
        ...{ peer: second, secret: 'secret of w', seenAt: 9, lastSequence: 7, instance: 1 },
        staleAfterMillis: 30,
      },
    });
    expect([registry.closePeer(first), registry.closePeer(second), registry.seen]).toEqual([['x'], ['w'], 2]);
  });

  it('that has ended keeps its last batch, and is live again on another channel, with a free number', () => {
    const registry = new WorkerRegistry();
    const sender = identify(registry, peer(), 'w');
    if (sender.kind === 'live') Object.assign(sender.worker, { lastSequence: 7, staleAfterMillis: 30 });
    expect([registry.remove('w'), registry.remove('w'), registry.live.size]).toEqual([true, false, 0]);
    identify(registry, peer(), 'x');
    expect(identify(registry, peer(), 'w')).toMatchObject({
      kind: 'live',
      worker: { lastSequence: 7, instance: 2, staleAfterMillis: Number.POSITIVE_INFINITY },
    });
    expect(registry.seen).toBe(2);
  });

  it('on a channel that has closed does not become live', () => {
    const registry = new WorkerRegistry();
    const channel = peer();
    registry.closePeer(channel);
    const sender = identify(registry, channel, 'w');
    expect(sender).toEqual({ kind: 'ended', worker: { secret: 'secret of w', lastSequence: 0 } });
    if (sender.kind === 'ended') sender.worker.lastSequence = 3;
    expect(identify(registry, channel, 'w')).toEqual({
      kind: 'ended',
      worker: { secret: 'secret of w', lastSequence: 3 },
    });
    expect([registry.live.size, registry.seen]).toEqual([0, 0]);
  });

  it('that has ended no longer belongs to its channel', () => {
    const registry = new WorkerRegistry();
    const channel = peer();
    identify(registry, channel, 'w');
    identify(registry, channel, 'x');
    registry.remove('w');
    expect(registry.closePeer(channel)).toEqual(['x']);
    expect(registry.closePeer(peer())).toEqual([]);
  });
});

const refusal = {
  kind: 'refused',
  reason: 'there are more workers than the limit (1000 live workers, 100 for each channel)',
};

describe('the limits of workers', () => {
  it('are a hundred for each channel, without those that have ended or left it', () => {
    const registry = new WorkerRegistry();
    const [channel, other] = [peer(), peer()];
    const kinds = Array.from({ length: 100 }, (_, index) => identify(registry, channel, `${index}`).kind);
    expect(new Set(kinds)).toEqual(new Set(['live']));
    expect(identify(registry, channel, 'more')).toEqual(refusal);
    registry.remove('0');
    identify(registry, other, '1');
    expect(['more', 'and more', 'too many'].map((name) => identify(registry, channel, name).kind)).toEqual([
      'live',
      'live',
      'refused',
    ]);
    // A known worker does not get another channel above its limit either.
    expect(identify(registry, channel, '1')).toEqual(refusal);
  });

  it('are a thousand together, who may still change their channel', () => {
    const registry = new WorkerRegistry();
    for (let index = 0; index < 1_000; index += 1) {
      if (identify(registry, peer(), `${index}`).kind !== 'live') expect.unreachable(`${index}`);
    }
    expect([identify(registry, peer(), 'more'), identify(registry, peer(), '7').kind]).toEqual([
      refusal,
      'live',
    ]);
    registry.remove('7');
    expect(identify(registry, peer(), 'more').kind).toBe('live');
  });

  it('are ten thousand that have ended, of which the oldest is forgotten first', () => {
    const registry = new WorkerRegistry();
    const closed = peer();
    registry.closePeer(closed);
    const isKnown = (name: string): boolean =>
      identify(registry, peer(), name, { secret: 'guessed' }).kind === 'refused';
    for (let index = 0; index < 10_000; index += 1) identify(registry, closed, `${index}`);
    expect(['0', '1', '9999'].map(isKnown)).toEqual([true, true, true]);
    // Ends anew, and is then the youngest.
    identify(registry, peer(), '0');
    registry.remove('0');
    identify(registry, closed, 'more');
    expect(['0', '1', '2', 'more'].map(isKnown)).toEqual([true, false, true, true]);
  });
});
