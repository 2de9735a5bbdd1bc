// Clients of a real receiver: `prepare(batch)` makes what they are called with, and `send` is done when everything has
// been handed to the system.
import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises';
import { StatsD } from 'hot-shots';
import StatsdClient from 'statsd-client';
import { dialects, StatsdExporter } from '../../dist/esm/index.js';
import { eachPoint } from '../lib/corpus.js';
import { exportAll, ROOMY_QUEUE } from './this-package.js';

/** Clients without pacing are stopped after so many calls for a moment, so that the receiver can keep up. */
const CALLS_AT_ONCE = 250;
const PAUSE_MILLIS = 2;

function thisPackage({ endpoint, ...options }) {
  const exporter = new StatsdExporter({
    // The receiver reads lines; lengths before them could look like a part of one.
    dialect: { ...dialects.dogstatsd, unixStreamFraming: 'newline' },
    endpoint,
    resourceTags: [],
    queue: ROOMY_QUEUE,
    flushTimeoutMillis: 60_000,
    ...options,
  });
  return {
    prepare: ({ metrics }) => metrics,
    send: (metrics) => exportAll(exporter, metrics),
    close: () => exporter.shutdown(),
  };
}

function hotShots({ pause, ...options }) {
  const client = new StatsD({ host: '127.0.0.1', bufferFlushInterval: 60_000, ...options });
  return {
    prepare: callsOf,
    send: (calls) =>
      callByCall(calls, pause, ({ isSum, name, value, attributes }) => {
        if (isSum) client.increment(name, value, attributes);
        else client.gauge(name, value, attributes);
      }),
    close: () => new Promise((resolve) => client.close(resolve)),
  };
}

function statsdClient({ port }) {
  const client = new StatsdClient({ host: '127.0.0.1', port });
  return {
    prepare: callsOf,
    send: (calls) =>
      callByCall(calls, true, ({ isSum, name, value, attributes }) => {
        if (isSum) client.counter(name, value, attributes);
        else client.gauge(name, value, attributes);
      }),
    // It sends what is left and does not report when.
    async close() {
      await sleep(200);
      client.close();
      await sleep(50);
    },
  };
}

function callsOf(batch) {
  const calls = [];
  eachPoint(batch, (isSum, name, value, attributes) => calls.push({ isSum, name, value, attributes }));
  return calls;
}

async function callByCall(calls, pause, call) {
  for (let index = 0; index < calls.length; index += 1) {
    call(calls[index]);
    if (index % CALLS_AT_ONCE === CALLS_AT_ONCE - 1) await (pause ? sleep(PAUSE_MILLIS) : turn());
  }
}

export const CLIENTS = { thisPackage, hotShots, statsdClient };
