// Loading the package and its first exports in a fresh process, when nothing is compiled yet: what a short-lived
// process pays.
import { interleave } from '../lib/interleave.js';
import { finish, runModule, sendProgress } from '../lib/processes.js';
import { amount } from '../lib/section.js';
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

/** The modules that `npm run build` makes the bundles from stand for a package without bundles. */
const UNBUNDLED = 'its ES modules, unbundled';
const BUNDLED = 'this package, ES modules';
const HOT_SHOTS = 'hot-shots';
const loaded = [
  { name: BUNDLED, specifier: '../../dist/esm/index.js', format: 'esm' },
  { name: 'this package, CommonJS', specifier: '../../dist/cjs/index.js', format: 'cjs' },
  { name: UNBUNDLED, specifier: '../../build/index.js', format: 'esm' },
  { name: HOT_SHOTS, specifier: 'hot-shots', format: 'cjs' },
];
const loadRounds = amount(15, 2);
const loads = await interleave(
  loaded,
  async ({ specifier, format }) =>
    (await runModule('processes/load.js', { specifier, format }, { collectable: false })).millis,
  { rounds: loadRounds, onRound: (round) => sendProgress(`loading, process ${round + 1} of ${loadRounds}`) },
);
const load = (name) => median(loads.get(name));

const turn = (name, index) => found.get(name).map((turns) => turns[index]);
const first = (name) => median(turn(name, 0));

finish({
  text: 'Nothing is compiled yet when a process exports for the first time; short-lived processes pay little else.',
  tables: [
    {
      title: 'CPU time of loading the package after the SDK, in ms',
      head: ['', 'median', 'min…max', 'ratio'],
      rows: loaded.map(({ name }) => [
        name,
        load(name).toFixed(1),
        spread(loads.get(name)),
        times(load(name) / load(BUNDLED)),
      ]),
      note: `${loadRounds} processes each, interleaved.`,
    },
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
  figures: {
    'coldStart.loading': load(BUNDLED) / load(HOT_SHOTS),
    'coldStart.bundled': load(BUNDLED) / load(UNBUNDLED),
    'coldStart.firstExport': first('this package') / first('OTLP protobuf'),
  },
  charts: {},
});
