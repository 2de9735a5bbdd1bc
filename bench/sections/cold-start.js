// The first exports of a fresh process, when nothing is compiled yet: what a short-lived process pays.
import { interleave } from '../lib/interleave.js';
import { finish, runModule, sendProgress } from '../lib/processes.js';
import { amount, limitGoal } from '../lib/section.js';
import { count, figure, median, spread, times } from '../lib/statistics.js';

const points = amount(15_000, 1_500);
const rounds = amount(5, 1);

const contenders = [
  { name: 'this package', contender: 'thisPackage' },
  { name: 'OTLP protobuf', contender: 'otlpProtobuf' },
  { name: 'hot-shots', contender: 'hotShots' },
  { name: 'PrometheusSerializer', contender: 'prometheus' },
];

const found = await interleave(
  contenders,
  async ({ contender }) => (await runModule('processes/cold.js', { contender, points })).turns,
  { rounds, onRound: (round) => sendProgress(`process ${round + 1} of ${rounds}`) },
);

const turn = (name, index) => found.get(name).map((turns) => turns[index]);
const first = (name) => median(turn(name, 0));

finish({
  text: 'Nothing is compiled yet when a process exports for the first time; short-lived processes pay little else.',
  tables: [
    {
      title: 'CPU time of the first exports of a process, in ns per data point',
      head: ['', 'first', 'min…max', 'ratio', 'second', 'third'],
      rows: contenders.map(({ name }) => [
        name,
        figure(first(name)),
        spread(turn(name, 0)),
        times(first(name) / first('this package')),
        figure(median(turn(name, 1))),
        figure(median(turn(name, 2))),
      ]),
      note: `${count(points)} counters and gauges as above; medians of ${rounds} processes each, interleaved.`,
    },
  ],
  goals: [
    limitGoal('first export, against OTLP protobuf', 1, '×', first('this package') / first('OTLP protobuf')),
  ],
  charts: {},
});
