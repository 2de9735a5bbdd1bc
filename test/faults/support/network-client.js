// An app in a network of its own: exports lines when told to on its standard input, one number a line, and prints its
// stats as soon as all of them are delivered.

import { createInterface } from 'node:readline';
import { StatsdExporter } from 'opentelemetry-exporter-statsd';
import { numberedCounters } from './counters.js';

const exporter = new StatsdExporter(JSON.parse(process.argv[2]));
let first = 0;

for await (const line of createInterface({ input: process.stdin })) {
  const count = Number(line);
  await new Promise((resolve) => exporter.export(numberedCounters(count, first), resolve));
  first += count;
  console.log('exported');
  await exporter.forceFlush();
  console.log(`flushed ${JSON.stringify(exporter.stats())}`);
}
