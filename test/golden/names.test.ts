// The presets of names: one realistic export, and each rule with all attributes that it can use; `vitest run -u` writes
// them anew.
import { AggregationTemporality, AggregationType, InstrumentType } from '@opentelemetry/sdk-metrics';
import { describe, expect, it } from 'vitest';
import { type DialectName, dialects } from '../../src/mapping/dialects/index.js';
import { type NamePreset, namePresets, prefixOf } from '../../src/mapping/naming/presets/index.js';
import { parseTemplate } from '../../src/mapping/naming/templates.js';
import { batchOf, counter, type Mapped, mapperOf, point } from '../support/mapping.js';
import { httpServiceExport } from '../support/receivers/http-service.js';

const additive = new Set([
  InstrumentType.COUNTER,
  InstrumentType.OBSERVABLE_COUNTER,
  InstrumentType.HISTOGRAM,
]);

async function mappedBy(preset: NamePreset, dialect: DialectName): Promise<Mapped> {
  const batch = await httpServiceExport({
    selectAggregationTemporality: (type) =>
      additive.has(type) ? AggregationTemporality.DELTA : AggregationTemporality.CUMULATIVE,
    selectAggregation: () => ({ type: AggregationType.DEFAULT }),
  });
  const map = mapperOf(dialects[dialect], {
    prefix: prefixOf(preset),
    names: namePresets[preset],
    histograms: { mode: 'summary', exactSum: true, percentiles: [] },
  });
  return map(batch);
}

const cases: readonly [NamePreset, DialectName][] = [
  ['semconv', 'statsd'],
  ['sprockets', 'statsd'],
  ['semconv', 'collectd'],
  ['semconv', 'dogstatsd'],
];

describe.each(cases)('an HTTP service exports with the names %s to %s', (preset, dialect) => {
  it('the lines in the file of these names', async () => {
    const { lines, drops, warnings } = await mappedBy(preset, dialect);
    const text = [...lines, '', `dropped: ${JSON.stringify(drops)}`, ...warnings, ''].join('\n');
    await expect(text).toMatchFileSnapshot(`names/${preset}-${dialect}.txt`);
  });
});

it('each metric of the preset semconv has the name in the table', async () => {
  const angles = { ...dialects.statsd.illegal, name: /[^A-Za-z0-9_.<>-]/gu };
  const rows = Object.entries(namePresets.semconv).map(([pattern, rule]) => {
    const { keys } = parseTemplate(typeof rule === 'object' ? rule.name : String(rule));
    const attributes = Object.fromEntries(
      [...keys].filter((key) => key !== 'name').map((key) => [key, `<${key.replaceAll('.', '-')}>`]),
    );
    const metric = counter([point(1, { attributes })], { name: pattern.replace('*', 'any') });
    const { lines } = mapperOf(
      { ...dialects.statsd, illegal: angles },
      { names: { [pattern]: rule } },
    )(batchOf([metric]));
    return `${pattern}  ${lines.join().replace(/:1\|c$/, '')}`;
  });
  await expect([...rows, ''].join('\n')).toMatchFileSnapshot('names/semconv-rules.txt');
});
