import { describe, expect, it } from 'vitest';
import { singleStep, Turns } from '../../src/runtime/turns.js';

/** Turns of so many milliseconds, and work whose steps take one each. */
function fakeTurns(turnMillis: number) {
  let now = 0;
  let timers: (() => void)[] = [];
  const turns = new Turns(turnMillis, {
    now: () => now,
    after(_delay, callback) {
      timers.push(callback);
      return { cancel: () => {} };
    },
  });
  const done: string[] = [];
  function* work(name: string, steps: number): Generator<void> {
    for (let step = 1; step <= steps; step += 1) {
      now += 1;
      done.push(`${name}${step}`);
      yield;
    }
  }
  /** The event loop has come round. */
  const nextRound = (): void => {
    const due = timers;
    timers = [];
    for (const callback of due) callback();
  };
  return { turns, done, work, nextRound };
}

const sender = {};

describe('turns', () => {
  it('do work at once while the turn lasts, and the rest in later rounds of the event loop, in order', () => {
    const { turns, done, work, nextRound } = fakeTurns(3);
    turns.add(sender, work('a', 4));
    turns.add(sender, work('b', 1));
    expect(done).toEqual(['a1', 'a2', 'a3']);
    nextRound();
    expect(done).toEqual(['a1', 'a2', 'a3', 'a4', 'b1']);
  });

  it('are one per round, however much work is added', () => {
    const { turns, done, work, nextRound } = fakeTurns(3);
    for (const name of ['a', 'b', 'c']) turns.add(sender, work(name, 2));
    expect(done).toEqual(['a1', 'a2', 'b1']);
    nextRound();
    expect(done).toEqual(['a1', 'a2', 'b1', 'b2', 'c1', 'c2']);
  });

  it('do nothing while they are held', () => {
    const { turns, done, work, nextRound } = fakeTurns(3);
    turns.hold();
    turns.add(sender, work('a', 1));
    nextRound();
    expect(done).toEqual([]);
    turns.release();
    expect(done).toEqual(['a1']);
  });

  it('begin with the sender whose work has taken the least so far, once a piece of work is done', () => {
    const { turns, done, work, nextRound } = fakeTurns(3);
    const [busy, quiet] = [{}, {}];
    turns.add(busy, work('a', 5));
    turns.add(busy, work('b', 2));
    turns.add(quiet, work('c', 2));
    for (let round = 0; round < 3; round += 1) nextRound();
    turns.add(quiet, work('d', 1));
    expect(done).toEqual(['a1', 'a2', 'a3', 'a4', 'a5', 'c1', 'c2', 'b1', 'b2', 'd1']);
  });

  it('come to a sender of little before those of nine hundred that have kept the process busy', () => {
    const { turns, done, work, nextRound } = fakeTurns(5);
    const quiet = {};
    turns.add(quiet, work('first', 1));
    for (let at = 0; at < 900; at += 1) {
      const flooding = {};
      for (let piece = 0; piece < 10; piece += 1) turns.add(flooding, work('flood', 20));
    }
    for (let round = 0; round < 10_000; round += 1) nextRound();
    turns.add(quiet, work('later', 1));
    const before = done.length;
    for (let round = 0; round < 5; round += 1) nextRound();
    // Behind one piece of work at most.
    expect(done.slice(before)).toContain('later1');
  });

  it('come to a busy sender after less than a minute of those nine hundred that begin at once', () => {
    const { turns, done, work, nextRound } = fakeTurns(1_000);
    const busy = {};
    for (let piece = 0; piece < 150; piece += 1) turns.add(busy, work('before', 20));
    for (let round = 0; round < 4; round += 1) nextRound();
    for (let at = 0; at < 900; at += 1) {
      const flooding = {};
      for (let piece = 0; piece < 60; piece += 1) turns.add(flooding, work('flood', 20));
    }
    turns.add(busy, work('after', 1));
    for (let round = 0; round < 60; round += 1) nextRound();
    expect(done).toContain('after1');
  });

  it('count the time that the work of each sender took, whenever it was', () => {
    const { turns, done, work, nextRound } = fakeTurns(3);
    const [early, late] = [{}, {}];
    turns.add(early, work('a', 2));
    nextRound();
    turns.add({}, work('b', 3));
    nextRound();
    turns.add(late, work('c', 1));
    nextRound();
    turns.hold();
    turns.add(early, work('d', 1));
    turns.add(late, work('e', 1));
    turns.release();
    expect(done.slice(-2)).toEqual(['e1', 'd1']);
  });

  it('come to the sender that waits the longest, of those whose work has taken as long', () => {
    const { turns, done, work } = fakeTurns(3);
    turns.hold();
    for (const name of ['a', 'b', 'c']) turns.add({}, work(name, 1));
    turns.release();
    expect(done).toEqual(['a1', 'b1', 'c1']);
  });

  it('do work that a step adds after that step', () => {
    const { turns, done, work } = fakeTurns(3);
    const adding = (function* (): Generator<void> {
      turns.add(sender, work('b', 1));
      done.push('a1');
      yield;
    })();
    turns.add(sender, adding);
    expect(done).toEqual(['a1', 'b1']);
  });

  it('do work of a single step once', () => {
    const { turns, done } = fakeTurns(3);
    turns.add(
      sender,
      singleStep(() => done.push('only')),
    );
    expect(done).toEqual(['only']);
  });

  it('go on after a step that throws', () => {
    const { turns, done, work } = fakeTurns(3);
    const failing = (function* (): Generator<void> {
      yield;
      throw new Error('failed');
    })();
    expect(() => turns.add(sender, failing)).toThrow('failed');
    turns.add(sender, work('a', 1));
    expect(done).toEqual(['a1']);
  });
});
