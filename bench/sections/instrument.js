// What a measured call costs more than a plain one, beside the Python libraries that the helpers continue.
import {
  countExceptions,
  createRateMeter,
  startTimer,
  time,
  trackInProgress,
} from '../../dist/esm/instrument.js';
import { interleave } from '../lib/interleave.js';
import { finish, sendProgress } from '../lib/processes.js';
import { MeterProvider, MetricReader } from '../lib/sdk.js';
import { amount } from '../lib/section.js';
import { figure, median, spread } from '../lib/statistics.js';

const calls = amount(200_000, 2_000);
const rounds = amount(11, 2);
const warmUps = amount(3, 1);

class ManualReader extends MetricReader {
  async onForceFlush() {}
  async onShutdown() {}
}

// The instruments of the SDK, as in production: most of the time is theirs.
const meter = new MeterProvider({ readers: [new ManualReader()] }).getMeter('bench');
const duration = meter.createHistogram('duration', { unit: 's' });
const failures = meter.createCounter('failures');
const active = meter.createUpDownCounter('active');
const rate = createRateMeter(meter, 'rate');

const asynchronous = async (value) => value + 1;
const synchronous = (value) => value + 1;
const allThree = time(duration, countExceptions(failures, trackInProgress(active, asynchronous)));

async function awaited(fn) {
  let value = 0;
  for (let call = 0; call < calls; call += 1) value = await fn(value);
  return value;
}

function atOnce(fn) {
  let value = 0;
  for (let call = 0; call < calls; call += 1) value = fn(value);
  return value;
}

// Nanoseconds per call on Python 3.11, measured by the same kind of loop on a machine with two cores: prometheus-async
// 26.1.0 (there a plain call took 68 ns) and tapes 0.3.
const ORIGINALS = {
  time: 1_043,
  timePromise: 1_204,
  exceptions: 412,
  progress: 918,
  allThree: 3_329,
  tapes: 1_523,
};
// No goal: the counter of the SDK and a look at the clock cost about as much.
const TAPES_MARK = 215;

const measured = {
  time: time(duration, asynchronous),
  exceptions: countExceptions(failures, asynchronous),
  progress: trackInProgress(active, asynchronous),
};
const timedAtOnce = time(duration, synchronous);

const contenders = [
  { name: 'a plain asynchronous call', run: () => awaited(asynchronous) },
  {
    name: 'time(histogram, fn)',
    run: () => awaited(measured.time),
    original: ORIGINALS.time,
    figureName: 'time',
  },
  {
    name: 'time(histogram, promise)',
    run: () => awaited((value) => time(duration, asynchronous(value))),
    original: ORIGINALS.timePromise,
    figureName: 'timePromise',
  },
  {
    name: 'countExceptions(counter, fn)',
    run: () => awaited(measured.exceptions),
    original: ORIGINALS.exceptions,
    figureName: 'countExceptions',
  },
  {
    name: 'trackInProgress(counter, fn)',
    run: () => awaited(measured.progress),
    original: ORIGINALS.progress,
    figureName: 'trackInProgress',
  },
  { name: 'all three', run: () => awaited(allThree), original: ORIGINALS.allThree, figureName: 'allThree' },
  {
    name: 'time(histogram, fn), synchronous',
    run: () => atOnce(timedAtOnce),
    original: ORIGINALS.tapes,
    figureName: 'timeSync',
  },
  {
    name: 'startTimer(histogram).stop()',
    run: () => atOnce(() => startTimer(duration).stop()),
    original: ORIGINALS.tapes,
    figureName: 'startTimer',
  },
  {
    name: 'rateMeter.mark()',
    run: () =>
      atOnce((value) => {
        rate.mark();
        return value + 1;
      }),
    original: TAPES_MARK,
  },
];

const found = await interleave(
  contenders,
  async ({ run }) => {
    const before = process.cpuUsage();
    await run();
    const { user, system } = process.cpuUsage(before);
    return ((user + system) * 1000) / calls;
  },
  { rounds, warmUps, onRound: (round) => sendProgress(`helpers, round ${round + 1} of ${rounds}`) },
);

const nanos = (name) => median(found.get(name));

finish({
  text:
    'The helpers of `./instrument` wrap functions that may run thousands of times a second. Their ' +
    'costs stand beside those of the Python libraries whose users they are made for.',
  tables: [
    {
      title: 'CPU time per call, in ns',
      head: ['', 'median', 'min…max', 'original, on Python'],
      rows: contenders.map(({ name, original }) => [
        name,
        figure(nanos(name)),
        spread(found.get(name)),
        original === undefined ? '–' : figure(original),
      ]),
      note: `${calls} calls a round, medians of ${rounds} interleaved rounds, instruments of the SDK, no attributes.`,
    },
  ],
  figures: Object.fromEntries(
    contenders
      .filter(({ figureName }) => figureName !== undefined)
      .map(({ name, figureName }) => [`instrument.${figureName}`, nanos(name)]),
  ),
});
