// Exports recorded from whole applications with the real SDK and instrumentations, in every dialect, compared whole with
// the file of the application's name; `vitest run -u` writes them anew. They were recorded on Node.js 20 with
// @opentelemetry/sdk-metrics 2.12.1 and the exporter's choices: delta counters and histograms, exponential buckets. Times,
// addresses and resources are set to fixed ones; scopes carry the versions of the instrumentations.
// - genai-client: openai 6.49.0 against a local server that answers like the API.
// - host-metrics: one export interval of a busy machine with two processors.
// - nestjs-pg-redis: auto-instrumentations-node 0.81.2, NestJS 11.2.10 on Express 5.2.1, pg 8.23.1 with PostgreSQL 15,
//   ioredis 6.0.0 with Redis 7.0. The instrumentation of ioredis records spans alone.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readExports } from '../../src/cli/preview/otlp.js';
import { type DialectName, dialects } from '../../src/mapping/dialects/index.js';
import { type Mapped, mapperOf } from '../support/mapping.js';
import { datagramsOf, dialectServers } from '../support/server-models/index.js';

const inputs = new URL('inputs/', import.meta.url);
const applications = readdirSync(inputs).map((file) => file.replace(/\.json$/, ''));
const dialectNames = Object.keys(dialects) as DialectName[];

function recorded(application: string) {
  return readExports(readFileSync(new URL(`${application}.json`, inputs), 'utf8'));
}

function mappedFor(application: string, name: DialectName): Mapped {
  const [batch] = recorded(application).batches;
  return mapperOf(dialects[name], { resourceTags: dialects[name].resourceTags })(batch!);
}

describe.each(applications)('the recorded export of %s', (application) => {
  it('is read whole', () => {
    expect(recorded(application)).toEqual({ batches: [expect.anything()], notes: [], faults: [] });
  });

  it('becomes the lines in the file of that name', async () => {
    const namesOfText = new Map<string, DialectName[]>();
    for (const name of dialectNames) {
      const { lines, drops, warnings } = mappedFor(application, name);
      const text = [...lines, '', `dropped: ${JSON.stringify(drops)}`, ...warnings, ''].join('\n');
      namesOfText.set(text, [...(namesOfText.get(text) ?? []), name]);
    }
    const sections = [...namesOfText].map(([text, names]) => `# ${names.join(', ')}\n\n${text}`);
    await expect(sections.join('\n')).toMatchFileSnapshot(`recorded/${application}.txt`);
  });

  it.each(dialectNames)('becomes lines that the server of %s takes, every one', (name) => {
    const server = dialectServers[name].start();
    for (const datagram of datagramsOf(mappedFor(application, name).groups, dialects[name]))
      server.receive(datagram);
    expect(server.rejected).toEqual([]);
  });
});
