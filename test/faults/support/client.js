// An app that exports some counters and then ends in one way or another. Prints what it does, and as it exits
// the exporter's stats.

import { StatsdExporter } from 'opentelemetry-exporter-statsd';
import { numberedCounters } from './counters.js';

const { options, lines, ending, waitFor } = JSON.parse(process.argv[2]);
const exporter = new StatsdExporter(options);

process.on('exit', () => console.log(JSON.stringify(exporter.stats())));

const result = await new Promise((resolve) => exporter.export(numberedCounters(lines), resolve));
if (result.code !== 0) throw result.error;
if (waitFor !== undefined) await until(() => exporter.stats().state === waitFor);
console.log('exported');

const working = ending === 'sigterm' ? setInterval(() => {}, 60_000) : undefined;
switch (ending) {
  case 'exit':
    process.exit();
    break;
  case 'throw':
    throw new Error('on purpose');
  case 'before-exit':
    process.once('beforeExit', () => exporter.forceFlush());
    break;
  case 'sigterm':
    process.once('SIGTERM', async () => {
      clearInterval(working);
      await exporter.shutdown();
    });
    console.log('working');
    break;
  case 'flush':
    await exporter.forceFlush();
    console.log('flushed');
    break;
  case 'shutdown':
    await exporter.shutdown();
    console.log('shut down');
    break;
  default:
    // Nothing more to do: whether the process ends is the exporter's to say.
    break;
}

async function until(isSo) {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5));
}
