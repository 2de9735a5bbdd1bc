import { StatsD } from 'hot-shots';
import { eachPoint } from '../lib/corpus.js';
import { NullSink } from '../lib/null-sink.js';
import { StatsdTotals } from '../lib/totals.js';

const BUFFER_BYTES = 1432;

/** A call for each data point, into a stream that does nothing. */
export function hotShots({ name = 'hot-shots' } = {}) {
  const { client } = connected();
  return {
    name,
    run(batch) {
      sendAll(client, batch);
    },
    /** The client only sends what is left in its buffer when it is closed. */
    async totals(batch) {
      const once = connected();
      once.sink.kept = [];
      sendAll(once.client, batch);
      await new Promise((resolve) => once.client.close(resolve));
      const totals = new StatsdTotals();
      for (const piece of once.sink.kept) totals.addWhole(piece);
      return totals.totals;
    },
    close: () => new Promise((resolve) => client.close(resolve)),
  };
}

function connected() {
  const sink = new NullSink();
  return { sink, client: new StatsD({ protocol: 'stream', stream: sink, maxBufferSize: BUFFER_BYTES }) };
}

function sendAll(client, batch) {
  eachPoint(batch, (isSum, name, value, attributes) => {
    if (isSum) client.increment(name, value, attributes);
    else client.gauge(name, value, attributes);
  });
}
