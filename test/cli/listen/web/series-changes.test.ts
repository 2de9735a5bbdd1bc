import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Session } from '../../../../src/cli/listen/session.js';
import { ChangeTracker } from '../../../../src/cli/listen/web/series-changes.js';
import { dialects } from '../../../../src/mapping/dialects/index.js';

const changes = (session: Session, tracker: ChangeTracker, now: number) => {
  const { added, rows, isComplete } = tracker.take(session.table, now);
  return { added: JSON.parse(added), rows: JSON.parse(rows), isComplete };
};

describe('a page', () => {
  it('gets each series once, and its numbers when they change', () => {
    const session = new Session(dialects.dogstatsd, 0);
    const tracker = new ChangeTracker();
    session.receive('a:1|c|#k:v', 1_000);
    session.receive('t:5|ms', 1_000);
    expect(changes(session, tracker, 1_000)).toEqual({
      added: [
        [0, 'a', 'c', 'k', 'v'],
        [1, 't', 'ms'],
      ],
      rows: [
        [0, 1, 1, 1],
        [1, 1, 5, 1, 5, 5, 5],
      ],
      isComplete: true,
    });
    expect(changes(session, tracker, 1_500)).toEqual({ added: [], rows: [], isComplete: true });
    session.receive('t:7|ms', 1_600);
    expect(changes(session, tracker, 1_600).rows).toEqual([[1, 2, 7, 2, 5, 7, 7]]);
  });

  it('sees rates fall while nothing arrives', () => {
    const session = new Session(dialects.statsd, 0);
    const tracker = new ChangeTracker();
    session.receive('a:6|c', 1_000);
    changes(session, tracker, 1_000);
    expect([4_000, 5_000, 12_000, 20_000].map((now) => changes(session, tracker, now).rows)).toEqual([
      [[0, 2, 6, 6]],
      [[0, 1.5, 6, 6]],
      [[0, 0, 6, 6]],
      [],
    ]);
  });

  it('gets texts escaped as for a terminal, and numbers that JSON lacks as texts', () => {
    const session = new Session(dialects.dogstatsd, 0);
    const huge = `1${'0'.repeat(308)}`;
    for (let times = 0; times < 2; times += 1) session.receive(`a\u202e<b>:${huge}|c|#k\u200b:</script>`, 0);
    session.receive('u:\u2066x|s', 0);
    expect(changes(session, new ChangeTracker(), 0)).toMatchObject({
      added: [
        [0, 'a\\u{202e}<b>', 'c', 'k\\u{200b}', '</script>'],
        [1, 'u', 's'],
      ],
      rows: [
        [0, 'Infinity', 1e308, 'Infinity'],
        [1, 1, '\\u{2066}x', 1],
      ],
    });
  });

  it('gets as many series at a time as there is time for, at least one, and the others later', () => {
    const session = new Session(dialects.statsd, 0);
    const tracker = new ChangeTracker();
    for (const name of ['a', 'b', 'c']) session.receive(`${name}:1|g`, 0);
    const takes = Array.from({ length: 3 }, () => {
      const { rows, isComplete } = tracker.take(session.table, 0, () => false);
      return [JSON.parse(rows).map(([id]: [number]) => id), isComplete];
    });
    expect(takes).toEqual([
      [[0], false],
      [[1], false],
      [[2], true],
    ]);
  });

  it('gets all series in messages of a bounded size, each series as it is at the end', () => {
    const anySeries = fc.array(fc.nat({ max: 3_000 }), { minLength: 1, maxLength: 300 });
    fc.assert(
      fc.property(anySeries, (numbers) => {
        const session = new Session(dialects.statsd, 0);
        const tracker = new ChangeTracker();
        const last = new Map<number, number>();
        const take = (): boolean => {
          const taken = tracker.take(session.table, 0);
          expect(taken.added.length + taken.rows.length).toBeLessThan(2 ** 18 + 20_000);
          for (const [id, , value] of JSON.parse(taken.rows)) last.set(id, value);
          return taken.isComplete;
        };
        for (const [at, number] of numbers.entries()) {
          session.receive(`${'n'.repeat(6_000)}.${number}:${at}|g`, 0);
          if (at % 50 === 0) take();
        }
        while (!take());
        expect([...last].sort(([a], [b]) => a - b)).toEqual(
          session.table.all.map(({ last }, id) => [id, last]),
        );
      }),
      { numRuns: 20 },
    );
  });

  it('gets some 260,000 characters in a message, and the rest in the next', () => {
    const session = new Session(dialects.statsd, 0);
    for (let at = 0; at < 2_000; at += 1) session.receive(`${'n'.repeat(1_000)}.${at}:1|c`, 0);
    const { added, rows, isComplete } = new ChangeTracker().take(session.table, 0);
    const characters = added.length + rows.length;
    expect(isComplete).toBe(false);
    expect(characters).toBeGreaterThan(262_144);
    // One series more, and its commas.
    expect(characters).toBeLessThan(262_144 + 2_000);
  });
});
