import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dialects } from '../../../src/mapping/dialects/index.js';
import { foldName } from '../../../src/mapping/lines/series-text.js';
import { ExportNames } from '../../../src/mapping/state/export-names.js';

const { statsd, dogstatsd, telegraf, netdata } = dialects;

describe.each([statsd, dogstatsd, telegraf, netdata])('the names of an export to $name', (dialect) => {
  const isFolded = dialect.tags.place === 'folded';
  const metric = fc.record({
    name: fc.stringMatching(/^[aAb](?:[._][aAb]){0,2}$/),
    isContinued: fc.boolean(),
  });

  it('are unique if the series of no other metric can have them', () => {
    fc.assert(
      fc.property(fc.array(metric, { minLength: 1, maxLength: 4 }), (metrics) => {
        const names = new ExportNames(dialect);
        for (const { name, isContinued } of metrics) names.add(name, isContinued);
        const folded = metrics.map(({ name }) => foldName(name, dialect.nameCollisions));
        const dot = foldName('.', dialect.nameCollisions);
        const continues = (at: number, name: string): boolean =>
          (isFolded || metrics[at]!.isContinued) && name.startsWith(folded[at]! + dot);
        for (const [index, { name, isContinued }] of metrics.entries()) {
          if (isContinued) continue;
          const own = folded[index]!;
          const isTaken = folded.some(
            (other, at) =>
              at !== index &&
              (other === own || continues(at, own) || (isFolded && other.startsWith(own + dot))),
          );
          expect({ metrics, name, isUnique: names.isUnique(name) }).toEqual({
            metrics,
            name,
            isUnique: !isTaken,
          });
        }
      }),
      { numRuns: 500 },
    );
  });

  it('are not known to be unique beside a metric that may have any name', () => {
    const names = new ExportNames(dialect);
    names.add('a', false);
    const before = names.isUnique('a');
    names.addUnknown();
    expect([before, names.isUnique('a')]).toEqual([true, false]);
  });
});
