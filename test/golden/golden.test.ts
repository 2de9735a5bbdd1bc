// One realistic export in every dialect, compared whole with the file of its name; `vitest run -u` writes them anew.
import { AggregationTemporality, AggregationType, InstrumentType } from '@opentelemetry/sdk-metrics';
import { describe, expect, it } from 'vitest';
import { type DialectName, dialects } from '../../src/mapping/dialects/index.js';
import { type Mapped, mapperOf } from '../support/mapping.js';
import { dialectDifferences } from '../support/metrics/dialect-differences.js';
import { httpServiceExport } from '../support/receivers/http-service.js';
import { datagramsOf, dialectServers } from '../support/server-models/index.js';

const additive = new Set([
  InstrumentType.COUNTER,
  InstrumentType.OBSERVABLE_COUNTER,
  InstrumentType.HISTOGRAM,
]);

async function mappedFor(name: DialectName): Promise<Mapped> {
  const dialect = dialects[name];
  const metrics = await httpServiceExport({
    selectAggregationTemporality: (type) =>
      additive.has(type) ? AggregationTemporality.DELTA : AggregationTemporality.CUMULATIVE,
    selectAggregation: (type) =>
      type === InstrumentType.HISTOGRAM && dialect.histograms === 'samples'
        ? { type: AggregationType.EXPONENTIAL_HISTOGRAM, options: { maxSize: 160, recordMinMax: true } }
        : { type: AggregationType.DEFAULT },
  });
  const options = { resourceTags: dialect.resourceTags, tags: { region: 'eu-1' } };
  return mapperOf(dialect, options)(metrics);
}

describe.each(Object.keys(dialects) as DialectName[])('an HTTP service exports to %s', (name) => {
  it('the lines in the file of that name', async () => {
    const { lines, drops, warnings } = await mappedFor(name);
    const text = [...lines, '', `dropped: ${JSON.stringify(drops)}`, ...warnings, ''].join('\n');
    await expect(text).toMatchFileSnapshot(`${name}.txt`);
  });

  it('the lines of a few points that every dialect writes differently', async () => {
    const { lines, drops, warnings } = mapperOf(dialects[name])(dialectDifferences);
    expect({ drops, warnings }).toEqual({ drops: {}, warnings: [] });
    await expect([...lines, ''].join('\n')).toMatchFileSnapshot(`differences/${name}.txt`);
  });

  it('lines that the server takes, every one', async () => {
    const server = dialectServers[name].start();
    for (const datagram of datagramsOf((await mappedFor(name)).groups, dialects[name]))
      server.receive(datagram);
    expect(server.rejected).toEqual([]);
  });
});
