import { describe, expect, it } from 'vitest';
import { SharedResource } from '../../../src/cluster/aggregator/shared-resource.js';

const attributesOf = (resource: SharedResource): unknown => resource.current().attributes;

describe('a shared resource', () => {
  it('has no attributes before the first worker', () => {
    const resource = new SharedResource();
    expect([attributesOf(resource), resource.bytes]).toEqual([{}, 0]);
  });

  it('is not that of a worker that has ended while another has none', () => {
    const resource = new SharedResource();
    resource.update('a', {});
    resource.current();
    resource.seed({ k: 1 });
    expect(attributesOf(resource)).toEqual({});
  });

  it('leaves out the attributes of a single process', () => {
    const resource = new SharedResource();
    resource.update('a', {
      'service.name': 'shop',
      'service.instance.id': 'i',
      'process.pid': 1,
      'process.parent_pid': 2,
      'process.creation.time': 't',
      'process.command_args': ['a'],
      'thread.id': 3,
      'process.runtime.name': 'nodejs',
    });
    expect(attributesOf(resource)).toEqual({ 'service.name': 'shop', 'process.runtime.name': 'nodejs' });
  });

  it('has what all workers share, compared by key, value and kind of value', () => {
    const resource = new SharedResource();
    resource.update('a', { same: 1, list: ['x'], kind: 1, other: 'a', only: true });
    resource.update('b', { list: ['x'], same: 1, kind: '1', other: 'b' });
    expect(attributesOf(resource)).toEqual({ same: 1, list: ['x'] });
    resource.update('b', { same: 1, list: ['x'], kind: 1, other: 'a', only: true });
    expect(attributesOf(resource)).toEqual({ same: 1, list: ['x'], kind: 1, other: 'a', only: true });
  });

  it('is that of the last description of a worker, whatever of it has changed', () => {
    const resource = new SharedResource();
    const seen = [{ k: 1 }, { k: 2 }, { k: 2, l: 1 }, { k: 2, l: 2 }, { k: 3, l: 2 }, { l: 2, k: 3 }, {}];
    for (const attributes of seen) {
      resource.update('a', attributes);
      expect(attributesOf(resource)).toEqual(attributes);
    }
  });

  it('changes with `current` alone', () => {
    const resource = new SharedResource();
    resource.update('a', { k: 1 });
    expect(resource.latest.attributes).toEqual({});
    expect(resource.current()).toBe(resource.latest);
    expect(resource.latest.attributes).toEqual({ k: 1 });
  });

  it('is the same object until its attributes change', () => {
    const resource = new SharedResource();
    resource.update('a', { k: 1 });
    const first = resource.current();
    resource.update('a', { k: 1, 'process.pid': 2 });
    resource.update('b', { k: 1, more: 2 });
    expect(resource.current()).toBe(first);
    resource.update('b', { k: 2 });
    expect([resource.current() === first, attributesOf(resource)]).toEqual([false, {}]);
  });

  it('keeps the attributes of the last worker when it has ended', () => {
    const resource = new SharedResource();
    resource.update('a', { k: 1 });
    // Before they were asked for.
    resource.remove('a');
    resource.remove('a');
    resource.remove('never seen');
    expect(attributesOf(resource)).toEqual({ k: 1 });
  });

  it('takes those of a worker that has ended while no other is known, once', () => {
    const resource = new SharedResource();
    resource.seed({ k: 1, 'process.pid': 2 });
    expect(attributesOf(resource)).toEqual({ k: 1 });
    resource.seed({ k: 2 });
    expect(attributesOf(resource)).toEqual({ k: 1 });
    const other = new SharedResource();
    other.update('a', { k: 3 });
    other.seed({ k: 1 });
    expect(attributesOf(other)).toEqual({ k: 3 });
  });

  it('estimates the memory of each worker, and of the text of what they share', () => {
    const resource = new SharedResource();
    // An attribute takes 50 bytes, and two for each character of its key and of its text, ["k",1].
    const worker = 50 + 2 * 1 + 2 * 7;
    // [["k",1]] and the attribute, besides an empty list.
    const shared = 4 * (9 - 2);
    resource.update('a', { k: 1 });
    expect(resource.bytes).toBe(worker);
    resource.current();
    resource.update('b', { k: 1 });
    resource.update('b', { k: 1 });
    expect(resource.bytes).toBe(2 * worker + shared);
    resource.update('b', { k: 1, kk: 1 });
    expect(resource.bytes).toBe(2 * worker + (50 + 2 * 2 + 2 * 8) + shared);
    resource.remove('b');
    expect(resource.bytes).toBe(worker + shared);
    resource.remove('a');
    expect(resource.bytes).toBe(shared);
    resource.update('a', { l: 1 });
    resource.update('a', { m: 1 });
    expect(resource.bytes).toBe(worker + shared);
  });
});
