import { describe, expect, it } from 'vitest';
import { Intake } from '../../src/listener/intake.js';
import { type LineEvents, type LineReader, NewlineReader } from '../../src/listener/line-readers.js';
import { ByteBudget } from '../../src/listener/pending-bytes.js';
import type { Clock } from '../../src/runtime/clock.js';
import { FakeClock } from '../support/fake-clock.js';

function start() {
  const log: string[] = [];
  const clock = new FakeClock();
  const intake = new Intake((line) => log.push(line), clock);
  const events: LineEvents = {
    onLine: intake.onLine,
    onCut: () => log.push('cut'),
    onOversized: () => log.push('oversized'),
    onDiscarded: () => log.push('discarded'),
  };
  const reader: LineReader = new NewlineReader(events, { maxBytes: 100, budget: new ByteBudget(1_000) });
  const stream = { pause: () => log.push('(pause)'), resume: () => log.push('(resume)') };
  return {
    log,
    intake,
    clock,
    receive: (text: string) => intake.stream(stream, reader, Buffer.from(text)),
    datagram: (bytes: number) => intake.datagram(Buffer.alloc(bytes, 'x'), events),
    ended: () => intake.afterwards(stream, () => reader.end()),
  };
}

describe('the intake', () => {
  it('has a stream wait while its lines are processed', () => {
    const { log, receive } = start();
    receive('a\nb\nc');
    receive('d\n');
    expect(log).toEqual(['(pause)', 'a', 'b', '(resume)', '(pause)', 'cd', '(resume)']);
  });

  it('processes what a sender has sent in its order once it is resumed', () => {
    const { log, intake, receive, datagram, ended } = start();
    intake.pause();
    receive('a\nb');
    expect(datagram(3)).toBe(true);
    ended();
    expect(log).toEqual(['(pause)']);
    intake.resume();
    expect(log).toEqual(['(pause)', 'a', '(resume)', 'cut', 'xxx']);
  });

  it('keeps datagrams of four mebibytes waiting, each with 256 bytes besides its own, and no more', () => {
    const { log, intake, datagram } = start();
    const quarter = 2 ** 20 - 256;
    intake.pause();
    expect([quarter, quarter, quarter, quarter - 1].map(datagram)).toEqual([true, true, true, true]);
    expect([datagram(0), log]).toEqual([false, []]);
    intake.resume();
    intake.pause();
    expect([quarter, quarter, quarter, quarter, 0].map(datagram)).toEqual([true, true, true, true, false]);
    expect(log.length).toBe(4);
  });

  it('forgets what waits when it is closed, but not the streams and ends that wait for it', () => {
    const { log, intake, receive, datagram, ended } = start();
    intake.pause();
    receive('a\nb\nc');
    datagram(3);
    ended();
    intake.close();
    intake.resume();
    expect(log).toEqual(['(pause)', '(resume)']);
  });

  it('stops between two lines when it is closed', () => {
    const lines: string[] = [];
    const intake = new Intake((line) => {
      lines.push(line);
      intake.close();
    }, new FakeClock());
    const events = { onLine: intake.onLine, onCut: () => {}, onOversized: () => {}, onDiscarded: () => {} };
    intake.datagram(Buffer.from('a\nb\n'), events);
    expect(lines).toEqual(['a']);
  });
});

it('a turn has ten milliseconds, then others have theirs', () => {
  // Each line takes a millisecond.
  let now = 0;
  let nextTurn = (): void => {};
  const clock: Clock = {
    now: () => now,
    after: (_, callback) => {
      nextTurn = callback;
      return { cancel: () => {} };
    },
  };
  let lines = 0;
  const intake = new Intake(() => {
    lines += 1;
    now += 1;
  }, clock);
  const events = { onLine: intake.onLine, onCut: () => {}, onOversized: () => {}, onDiscarded: () => {} };
  intake.datagram(Buffer.from('x\n'.repeat(25)), events);
  const seen = [lines];
  for (let turn = 1; turn < 3; turn += 1) {
    nextTurn();
    seen.push(lines);
  }
  expect(seen).toEqual([10, 20, 25]);
});
