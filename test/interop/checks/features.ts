// What has to be right on every server: each feature compares one part of the app with the server's report.
import { timeFactor } from '../../../src/mapping/numbers/units.js';
import { MANY } from '../truth/app.js';
import { hostileAttributes } from '../truth/hostile.js';
import type { Comparison } from './comparison.js';
import { errorsOf, type Figures, figuresOf, percentileBound, trueFigures } from './histograms.js';

export interface Outcome {
  /** Every way in which server and truth disagree. */
  readonly wrong: readonly string[];
  /** For the table. */
  readonly cell: string;
}

export interface Feature {
  /** The heading of its column. */
  readonly title: string;
  /** A sentence, and the name of its test. */
  readonly claim: string;
  check(comparison: Comparison): Outcome;
}

/** A long sum of doubles depends on its order. */
const ROUNDING = 1e-9;
/** Stands for the tail of the distribution, where the buckets of a server of its own add to the error. */
const PERCENTILES = ['p50', 'p90', 'p95', 'p99'];

export const features: readonly Feature[] = [
  {
    title: 'counters',
    claim: 'counters add up over exports, by attributes and whatever their order',
    check: (comparison) => ({
      wrong: comparison.counters(['hits', 'order', 'big', 'last'], 0),
      cell: 'exact',
    }),
  },
  {
    title: 'fractions of counters',
    claim: 'fractions of counters are not lost where the server counts in whole numbers',
    check: (comparison) => {
      const tolerance = comparison.keeps.counter;
      const cell = tolerance <= ROUNDING ? 'exact' : `within ${Number(tolerance.toPrecision(1))}`;
      return { wrong: comparison.counters(['part'], tolerance), cell };
    },
  },
  {
    title: 'up-down counters',
    claim: 'up-down counters stay what they are below zero, however often they are exported',
    check: (comparison) => ({ wrong: comparison.gauges(['open']), cell: 'exact' }),
  },
  {
    title: 'sets',
    claim: 'distinct values are counted by the server, or their calls where it has no sets',
    check: distinctValues,
  },
  {
    title: 'gauges',
    claim:
      'gauges do not drift below zero, stick at zero or keep an old value at minus zero, wherever datagrams end',
    check: (comparison) => {
      const { gaugeDecimals, digits } = comparison.keeps;
      const names = ['celsius', 'zero', 'minuszero', 'depth', 'huge', 'vast', 'tiny', 'third', 'deepest'];
      const kept = digits === 17 ? 'exact' : `${digits} digits`;
      const cell = gaugeDecimals === Infinity ? kept : `${gaugeDecimals} decimals`;
      return { wrong: comparison.gauges(names), cell };
    },
  },
  {
    title: 'times',
    claim: 'times in counters and gauges arrive in the unit in which the server shows timers',
    check: times,
  },
  {
    title: 'histogram, few values',
    claim: 'a few recordings arrive one by one, times in milliseconds, other units as they are',
    check: (comparison) => exactHistograms(comparison, ['few', 'secs', 'bytes']),
  },
  {
    title: 'values below zero',
    claim: 'values below zero in a histogram are not lost where the server rejects them as samples',
    check: (comparison) => {
      // The SDK takes no sum of what may be below zero.
      const { count, min, max } = trueFigures(comparison, 'below');
      return exactFigures(comparison, 'below', { count: count!, min: min!, max: max! });
    },
  },
  {
    title: 'counts of equal values',
    claim: 'counts of equal values survive rates that are cut to whole weights, clipped or multiplied',
    check: (comparison) => {
      const names = [...comparison.run.truth.histograms.keys()].filter((name) => name.startsWith('same'));
      return exactHistograms(comparison, names);
    },
  },
  {
    title: '300 million equal values',
    claim:
      'a rate so small that others print an exponent is read as what it is, and asks no loops of the server',
    check: (comparison) => exactHistograms(comparison, ['crowd']),
  },
  {
    title: 'histogram over four exports',
    claim: 'histograms add up over exports',
    check: (comparison) => {
      // The exports may have fallen into several intervals, whose means have nothing in common.
      const { count, sum } = trueFigures(comparison, 'steady');
      return exactFigures(comparison, 'steady', { count: count!, sum: sum! });
    },
  },
  {
    title: `${MANY.toLocaleString('en')} values`,
    claim: 'the statistics of many recordings are those of the recordings',
    check: manyValues,
  },
  {
    title: 'hostile attributes',
    claim:
      'attributes forge no line, split no tag, lose no line, and none becomes a tag of the server itself',
    check: (comparison) => {
      const cell = `${hostileAttributes.length} of ${hostileAttributes.length}`;
      return { wrong: [...comparison.counters(['hostile'], 0), ...forged(comparison)], cell };
    },
  },
  {
    title: 'oversized attribute',
    claim: 'a line too long for the server is dropped and counted rather than cut, and costs no other line',
    check: oversized,
  },
  {
    title: 'not numbers',
    claim: 'NaN and infinity are not sent, and counted',
    check: (comparison) => {
      const reported = ['nan', 'infinite'].flatMap((name) =>
        Object.keys({
          ...comparison.reported(comparison.report.gauges, name),
          ...comparison.reported(comparison.report.counters, name),
        }),
      );
      const { non_finite: counted = 0 } = comparison.run.stats.droppedPoints;
      const uncounted = counted === 2 ? [] : [`${counted} points counted as non_finite instead of 2`];
      return {
        wrong: [...reported.map((series) => `${series} is reported`), ...uncounted],
        cell: 'dropped, counted',
      };
    },
  },
  {
    title: '2,000 series',
    claim: 'every one of many series arrives with its own value',
    check: (comparison) => ({ wrong: comparison.counters(['series', 'wide'], 0), cell: 'exact' }),
  },
];

function times(comparison: Comparison): Outcome {
  const { dialect, keeps, report } = comparison;
  const factor = timeFactor('s', dialect.timeUnit);
  const busy = report.counters[comparison.series('busy')];
  const lag = report.gauges[comparison.series('lag')];
  const wrong: string[] = [];
  // A counter of whole numbers.
  const tolerance = Math.max(keeps.counter, ROUNDING);
  if (!(Math.abs(busy! - 1.5 * factor) <= tolerance))
    wrong.push(`busy is ${busy} instead of ${1.5 * factor}`);
  if (lag !== 0.25 * factor) wrong.push(`lag is ${lag} instead of ${0.25 * factor}`);
  const unit = dialect.timeUnit === 'instrument' ? "the instrument's" : dialect.timeUnit;
  return { wrong, cell: unit };
}

function distinctValues(comparison: Comparison): Outcome {
  const { dialect, report, run } = comparison;
  if (dialect.sets === undefined) {
    return { wrong: comparison.counters(['visitors'], 0), cell: 'counter of calls' };
  }
  const series = comparison.series('visitors');
  const expected = run.truth.sets.get('visitors')!.size;
  // veneur reports a set as a gauge.
  const counted = report.sets?.[series] ?? report.gauges[series] ?? 0;
  const tolerance = dialect.sets.isEstimate ? 0.02 * expected : 0;
  const calls = Object.keys(comparison.reported(report.counters, 'visitors'));
  const wrong =
    Math.abs(counted - expected) <= tolerance
      ? []
      : [`the set ${series} has ${counted} members instead of ${expected}`];
  return {
    wrong: [...wrong, ...calls.map((call) => `${call} is a counter instead of a set`)],
    cell: dialect.sets.isEstimate ? 'estimate' : 'exact',
  };
}

function exactHistograms(comparison: Comparison, names: readonly string[]): Outcome {
  const outcomes = names.map((name) => exactFigures(comparison, name, trueFigures(comparison, name)));
  return { wrong: outcomes.flatMap(({ wrong }) => wrong), cell: outcomes[0]!.cell };
}

function exactFigures(comparison: Comparison, name: string, truth: Figures): Outcome {
  const figures = figuresOf(comparison, name);
  if (figures === undefined) return { wrong: [`${name} is missing`], cell: '' };
  // Percentiles of so few values are a matter of definition.
  const { count, sum, mean, min, max } = figures;
  const comparable = Object.fromEntries(
    Object.entries({ count, sum, mean, min, max }).filter(
      (entry): entry is [string, number] => entry[1] !== undefined && truth[entry[0]] !== undefined,
    ),
  );
  const wrong = tooFarOff(name, comparable, truth, (key) => boundOf(comparison, key, truth));
  const missing = Object.keys(comparable).length === 0 ? [`${name} has no figures`] : [];
  return { wrong: [...wrong, ...missing], cell: `exact: ${Object.keys(comparable).join(', ')}` };
}

/** Sums that are counters may be off as much as counters are. */
function boundOf({ keeps }: Comparison, key: string, truth: Figures): number {
  return key === 'sum' ? Math.max(keeps.timer, keeps.counter / truth['sum']!) : keeps.timer;
}

function manyValues(comparison: Comparison): Outcome {
  const cells: string[] = [];
  const wrong: string[] = [];
  for (const name of ['many', 'sizes']) {
    const figures = figuresOf(comparison, name);
    if (figures === undefined) return { wrong: [`${name} is missing`], cell: '' };
    const truth = trueFigures(comparison, name);
    const bound = (key: string) =>
      key.startsWith('p')
        ? percentileBound(comparison, truth[key]!)
        : Math.max(boundOf(comparison, key, truth), 1e-6);
    wrong.push(...tooFarOff(name, figures, truth, bound));
    cells.push(describe(errorsOf(figures, truth), Math.max(comparison.keeps.timer, 1e-6)));
  }
  return { wrong, cell: [...new Set(cells)].join('; ') };
}

function describe(errors: Figures, exact: number): string {
  const sound = Object.keys(errors).filter((key) => !key.startsWith('p') && errors[key]! <= exact);
  const percentiles = PERCENTILES.filter((key) => errors[key] !== undefined);
  const rounded = percentiles.map((key) => `${key} ${(Math.ceil(errors[key]! * 1000) / 10).toFixed(1)} %`);
  return [sound.length > 0 ? `exact: ${sound.join(', ')}` : '', ...rounded].filter(Boolean).join(', ');
}

function tooFarOff(
  name: string,
  figures: Figures,
  truth: Figures,
  tolerance: (key: string) => number,
): string[] {
  const errors = errorsOf(figures, truth);
  return Object.keys(errors)
    .filter((key) => !(errors[key]! <= Math.max(tolerance(key), ROUNDING)))
    .map((key) => `${key} of ${name} is ${figures[key]} instead of ${truth[key]}`);
}

function forged({ report }: Comparison): string[] {
  const all = [...Object.keys(report.counters), ...Object.keys(report.gauges), ...Object.keys(report.timers)];
  return all.filter((series) => /^forged/.test(series)).map((series) => `${series} was forged`);
}

/** Arrives whole, or with a shorter tag, or not at all and counted. */
function oversized(comparison: Comparison): Outcome {
  const figures = comparison.reported(comparison.report.counters, 'long');
  const arrived = Object.keys(figures);
  const { droppedPoints, droppedLines } = comparison.run.stats;
  // By the mapping, for the server's sake, or by the transport, for the datagram's.
  const dropped = (droppedPoints.too_long ?? 0) + (droppedLines.too_large ?? 0);
  if (arrived.length === 0) {
    return {
      wrong: dropped === 1 ? [] : [`${dropped} counted as too long instead of 1`],
      cell: 'dropped, counted',
    };
  }
  const wrong = comparison.counters(['long'], 0);
  if (wrong.length === 0) return { wrong, cell: 'whole' };
  const total = Object.values(figures).reduce((sum, figure) => sum + figure, 0);
  return { wrong: total === 1 ? [] : wrong, cell: 'shortened' };
}
