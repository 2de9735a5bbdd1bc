// The part of a StatsD server that the example needs: DogStatsD lines over TCP, read without loss and kept.
import { once } from 'node:events';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';

export async function startStatsdServer() {
  const counters = new Map();
  const gauges = new Map();
  const samples = new Map();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => {});
    const lines = createInterface({ input: socket });
    lines.on('line', take);
    // A clean end tells the sender that everything was read.
    lines.on('close', () => socket.end());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  function take(line) {
    const [, name, values, type, rate = '1'] = /^([^:]+):([^|]+)\|(\w+)(?:\|@([^|]+))?/.exec(line) ?? [];
    if (name === undefined) throw new Error(`not a StatsD line: ${line}`);
    for (const value of values.split(':').map(Number)) {
      if (type === 'c') counters.set(name, (counters.get(name) ?? 0) + value / Number(rate));
      else if (type === 'g') gauges.set(name, value);
      else {
        if (!samples.has(name)) samples.set(name, []);
        samples.get(name).push({ value, weight: 1 / Number(rate) });
      }
    }
  }

  return {
    endpoint: `tcp://127.0.0.1:${server.address().port}`,
    counter: (name) => counters.get(name) ?? 0,
    gauge: (name) => gauges.get(name) ?? 0,
    samples: (name) => samples.get(name) ?? [],
    stop: async () => void server.close(),
  };
}
