// What it costs a process to get a data point to a server that is really there, in another process.
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { interleave } from '../lib/interleave.js';
import { finish, runModule, sendProgress, startModule } from '../lib/processes.js';
import { amount } from '../lib/section.js';
import { count, figure, median, spread, times } from '../lib/statistics.js';
import { difference } from '../lib/totals.js';

const points = amount(15_000, 1_500);
const exports = amount(6, 2);
/** Code that runs a few times per export, to open and write to sockets, is compiled for good only after dozens of them. */
const warmUps = amount(60, 1);
const rounds = amount(3, 1);

const receiver = startModule('processes/receiver.js', {});
const [{ udp, tcp, unix }] = await once(receiver, 'message');

const UDP = `udp://127.0.0.1:${udp}`;
/** As fast as a receiver reliably takes them; by default datagrams are spread over the time until the next export. */
const datagrams = (datagramsPerSecond) => ({ pacing: { datagramsPerSecond } });
const HOT_SHOTS_UDP = 'hot-shots, UDP, 1432 B';

const rows = [
  { name: HOT_SHOTS_UDP, kind: 'hotShots', connection: { port: udp, maxBufferSize: 1432, pause: true } },
  {
    name: 'hot-shots, UDP, 8192 B',
    kind: 'hotShots',
    connection: { port: udp, maxBufferSize: 8192, pause: true },
  },
  {
    name: 'hot-shots, TCP, 1432 B',
    kind: 'hotShots',
    connection: { port: tcp, protocol: 'tcp', maxBufferSize: 1432 },
  },
  { name: 'statsd-client, UDP, 1200 B', kind: 'statsdClient', connection: { port: udp } },
  {
    name: 'this package, UDP, 1432 B',
    kind: 'thisPackage',
    connection: { endpoint: UDP, ...datagrams(20_000) },
  },
  {
    name: 'this package, UDP, 8192 B',
    kind: 'thisPackage',
    connection: { endpoint: UDP, maxPayloadBytes: 8192, ...datagrams(5_000) },
  },
  { name: 'this package, UDP, default pacing', kind: 'thisPackage', connection: { endpoint: UDP } },
  {
    name: 'this package, TCP',
    kind: 'thisPackage',
    connection: { endpoint: `tcp://127.0.0.1:${tcp}`, pacing: false },
  },
  {
    name: 'this package, unix stream',
    kind: 'thisPackage',
    connection: { endpoint: `unix://${unix}`, pacing: false },
  },
];

async function measure({ name, kind, connection }) {
  const isDatagram = name.includes('UDP');
  await totalsReceived();
  const { cpu, sent } = await runModule('processes/client.js', {
    kind,
    connection,
    points,
    warmUps,
    exports,
  });
  const received = await allReceived(sent, isDatagram ? 20 : 100);
  const problem = difference(received, sent);
  // Datagrams may be lost on a busy machine, anything else may not.
  if (problem !== '' && !isDatagram) throw new Error(`${name} is incomplete: ${problem}`);
  return { cpu, lost: sent.points - received.points, problem };
}

function totalsReceived() {
  receiver.send('totals');
  return once(receiver, 'message').then(([{ totals }]) => totals);
}

/** What is in the receiver's buffers may take it a moment. */
async function allReceived(sent, attempts) {
  const received = { points: 0, sum: 0 };
  for (let attempt = 0; attempt < attempts && received.points < sent.points; attempt += 1) {
    await sleep(attempt === 0 ? 20 : 100);
    const more = await totalsReceived();
    received.points += more.points;
    received.sum += more.sum;
  }
  return received;
}

const found = await interleave(rows, measure, {
  rounds,
  onRound: (round) => sendProgress(`round ${round + 1} of ${rounds}`),
});
receiver.disconnect();

const completeTurns = (name) => found.get(name).filter(({ problem }) => problem === '');
const cpu = (name) => median(completeTurns(name).map((turn) => turn.cpu));
const ratio = (name) => cpu(HOT_SHOTS_UDP) / cpu(name);

finish({
  text:
    'A client process sends to a server process, which counts. Datagrams of 1432 bytes fit every network and are the ' +
    'default; there the system calls dominate. Streams are confirmed: each export waits for the server to have read it.',
  tables: [
    {
      title: 'CPU time of the sending process per data point, in ns',
      head: ['', 'CPU', 'min…max', 'ratio', 'delivered'],
      rows: rows.map(({ name }) => {
        const turns = completeTurns(name);
        const lost = found.get(name).reduce((sum, turn) => sum + turn.lost, 0);
        const delivered = lost === 0 ? 'all' : `${lost} points lost`;
        if (turns.length === 0) return [name, '–', '–', '–', delivered];
        return [
          name,
          figure(cpu(name)),
          spread(turns.map((turn) => turn.cpu)),
          times(ratio(name)),
          delivered,
        ];
      }),
      note:
        `${exports} exports of ${count(points)} points per turn, after ${warmUps} to warm up, each turn in a new process; ` +
        `medians of ${rounds} interleaved rounds. The receiver counts the lines and adds up the values; turns in which ` +
        'a datagram was lost do not count. Clients without pacing pause for 2 ms after 250 calls on UDP.',
    },
  ],
  figures: {
    'endToEnd.udp1432': ratio('this package, UDP, 1432 B'),
    'endToEnd.udp8192': ratio('this package, UDP, 8192 B'),
    'endToEnd.tcp': ratio('this package, TCP'),
    'endToEnd.unix': ratio('this package, unix stream'),
  },
  charts: { delivery: rows.map(({ name }) => ({ name, value: cpu(name) })) },
});
