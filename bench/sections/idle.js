// What an exporter does when there is nothing to do.
import { once } from 'node:events';
import { finish, runModule, sendProgress, startModule } from '../lib/processes.js';
import { amount } from '../lib/section.js';
import { count } from '../lib/statistics.js';

const millis = amount(5_000, 500);

const receiver = startModule('processes/receiver.js', {});
const [{ udp, tcp, unix }] = await once(receiver, 'message');
const endpoint = (url) => ({ kind: 'thisPackage', connection: { endpoint: url } });

const rows = [
  { name: 'nothing but Node.js' },
  { name: 'this package, UDP', ...endpoint(`udp://127.0.0.1:${udp}`) },
  { name: 'this package, TCP', ...endpoint(`tcp://127.0.0.1:${tcp}`) },
  {
    name: 'this package, TCP, persistent',
    kind: 'thisPackage',
    connection: { endpoint: `tcp://127.0.0.1:${tcp}`, delivery: 'persistent' },
  },
  { name: 'this package, unix stream', ...endpoint(`unix://${unix}`) },
  {
    name: 'hot-shots, UDP',
    kind: 'hotShots',
    connection: { port: udp, maxBufferSize: 1432, pause: true, bufferFlushInterval: 1_000 },
  },
];

sendProgress(`${rows.length} processes with nothing to do`);
const results = await Promise.all(
  rows.map(({ kind, connection }) => runModule('processes/idle.js', { kind, connection, millis })),
);
receiver.disconnect();

const [baseline] = results;
finish({
  text: 'Between exports an exporter should neither wake the process nor keep it from ending.',
  tables: [
    {
      title: 'A process that waits for the next export',
      head: ['', 'callbacks per minute', 'CPU, µs per second', 'keeps the process alive'],
      rows: rows.map(({ name }, index) => {
        const { micros, wakeUps, holding } = results[index];
        return [
          name,
          count(((wakeUps - baseline.wakeUps) * 60_000) / millis),
          count(micros / (millis / 1_000)),
          holding.join(', ') || 'nothing',
        ];
      }),
      note: `From half a second after the last line was delivered, for ${count(millis / 1_000)} s.`,
    },
  ],
  figures: {},
  charts: {},
});
