// Sets what the app measured against what StatsD reports. Pure: two records in, rows and a verdict out.
// The contract is in compare.d.ts.

const DURATION = 'demo.http.server.request.duration.';
const EVENT_LOOP_TIME = 'demo.nodejs.eventloop.time.';
const EVENT_LOOP_UTILIZATION = 'demo.nodejs.eventloop.utilization';
const HEAP_USED = 'demo.v8js.memory.heap.used.';
const PERCENTILES = [50, 90, 99];
const MEBIBYTE = 2 ** 20;

// Latencies reach the exporter in the SDK's exponential histogram, which halves its resolution until all values of an interval
// fit into 160 buckets. A value that is off by a bucket may also change places with its neighbour in rank.
const BUCKETS = 160;
// The app's clock and the instrumentation's start and stop some microseconds apart.
const CLOCKS_APART_MILLIS = 0.5;
// Between the two clocks lies code that takes milliseconds when it first runs. Of so few requests any percentile may be the
// first; it is then off, on a busy machine by up to this factor.
const FEW_REQUESTS = 50;
const COLD_START_RATIO = 5;
// The app goes on for a moment between its report and its last export; on a busy machine for a long one.
const MOMENT_SECONDS = 0.1;
const LONG_MOMENT_SECONDS = 2;

export function compare(app, flush) {
  const series = pairSeries(app.latencies, flush);
  const sections = [
    { title: 'Requests', rows: compareCounts(series) },
    { title: 'Latency, ms', rows: series.flatMap(compareLatencies) },
    { title: 'Runtime', rows: compareRuntime(app, flush) },
  ];
  return { sections, ...judge(sections, flush) };
}

/** The app's latencies next to StatsD's figures for the same method and status code. */
function pairSeries(latencies, { timers, timerData }) {
  const reported = {};
  for (const [name, figures] of Object.entries(timerData)) {
    if (!name.startsWith(DURATION)) continue;
    // This server has no tags: method, route and status code are parts of the name.
    const [method, , status] = name.slice(DURATION.length).split('.');
    const count = Number(figures.count.toFixed(6));
    reported[`${method} ${status}`] = { figures, count, isSampled: timers[name].length < count };
  }
  const labels = new Set([...Object.keys(latencies), ...Object.keys(reported)]);
  return [...labels].sort(byStatus).map((label) => ({
    label,
    latencies: (latencies[label] ?? []).toSorted((a, b) => a - b),
    ...(reported[label] ?? { figures: {}, count: 0, isSampled: false }),
  }));
}

function byStatus(a, b) {
  return a.slice(-3).localeCompare(b.slice(-3)) || a.localeCompare(b);
}

function compareCounts(series) {
  const rows = series.map(({ label, latencies, count }) => ({ label, app: latencies.length, statsd: count }));
  const all = {
    label: 'all',
    app: sum(rows.map(({ app }) => app)),
    statsd: sum(rows.map(({ statsd }) => statsd)),
  };
  return [all, ...rows].map(({ label, app, statsd }) => ({
    label,
    app: whole(app),
    statsd: whole(statsd),
    difference: signed(statsd - app, whole),
    agreement: app === statsd ? 'equal' : 'off',
  }));
}

function compareLatencies({ label, latencies, figures, isSampled }) {
  const bucketRatio = (latencies.at(-1) / latencies[0]) ** (2 / BUCKETS);
  return PERCENTILES.map((percentile) => {
    const app = atRank(latencies, percentile);
    const statsd = figures[`upper_${percentile}`];
    const isWithin = (from, to, ratio) =>
      from / ratio - CLOCKS_APART_MILLIS <= statsd && statsd <= to * ratio + CLOCKS_APART_MILLIS;
    const isNeighbour = isWithin(
      atRank(latencies, percentile, -1),
      atRank(latencies, percentile, +1),
      bucketRatio,
    );
    const isColdStart = latencies.length < FEW_REQUESTS && isWithin(app, app, COLD_START_RATIO);
    // A busier second than the traffic plans for is sent as 101 samples, which this server weights like any other value.
    const isOneOfSamples = isSampled && latencies[0] <= statsd && statsd <= latencies.at(-1);
    return {
      ...describe(`${label}  p${percentile}`, decimals(app), statsd),
      difference: relative(statsd, app),
      agreement: agreement(isWithin(app, app, bucketRatio), isNeighbour || isColdStart || isOneOfSamples),
    };
  });
}

function compareRuntime({ eventLoop, samples }, { counters, gauges }) {
  const heapSpaces = Object.keys(gauges).filter((name) => name.startsWith(HEAP_USED));
  const heapUsed =
    heapSpaces.length === 0 ? undefined : sum(heapSpaces.map((name) => gauges[name])) / MEBIBYTE;
  const heapSeen = samples.heapUsed.map((bytes) => bytes / MEBIBYTE);
  return [
    compareSeconds('event loop active, s', eventLoop.active / 1000, secondsIn(counters, 'active')),
    compareSeconds('event loop idle, s', eventLoop.idle / 1000, secondsIn(counters, 'idle')),
    compareGauge('event loop utilisation', samples.utilization, gauges[EVENT_LOOP_UTILIZATION], [0, 1]),
    compareGauge('heap used, MiB', heapSeen, heapUsed, [
      Math.min(...heapSeen) / 2,
      Math.max(...heapSeen) * 2,
    ]),
  ];
}

/** All times arrive in milliseconds. */
function secondsIn(counters, state) {
  const millis = counters[EVENT_LOOP_TIME + state];
  return millis === undefined ? undefined : millis / 1000;
}

function compareSeconds(label, app, statsd) {
  return {
    ...describe(label, decimals(app), statsd),
    difference: relative(statsd, app),
    agreement: agreement(
      Math.abs(statsd - app) <= MOMENT_SECONDS,
      app < statsd && statsd <= app + LONG_MOMENT_SECONDS,
    ),
  };
}

/** A gauge shows one moment of many: it should lie where the app saw it move, and has to lie where it can be at all. */
function compareGauge(label, seen, statsd, [least, most]) {
  const [lowest, highest] = [Math.min(...seen), Math.max(...seen)];
  const isWithin = lowest <= statsd && statsd <= highest;
  const outside = statsd === undefined ? 'missing' : 'outside';
  return {
    ...describe(label, `${decimals(lowest)} … ${decimals(highest)}`, statsd),
    difference: isWithin ? 'within' : outside,
    agreement: agreement(isWithin, least <= statsd && statsd <= most),
  };
}

function agreement(isEqual, isNear = false) {
  if (isEqual) return 'equal';
  return isNear ? 'near' : 'off';
}

function judge([{ rows: requests }, ...others], { counters, gauges, timerData }) {
  const arrived = Object.keys({ ...counters, ...gauges, ...timerData }).some((name) =>
    name.startsWith('demo.'),
  );
  if (!arrived) return { agrees: false, verdict: 'Nothing arrived at StatsD.' };
  const [{ app, statsd }] = requests;
  if (requests.some(isOff)) {
    return {
      agrees: false,
      verdict: `The counts differ: the app answered ${app} requests, StatsD reports ${statsd}.`,
    };
  }
  const off = others.flatMap(({ rows }) => rows.filter(isOff));
  if (off.length > 0) {
    const labels = off.map(({ label }) => label.replace(/\s+/g, ' ')).join('; ');
    return {
      agrees: false,
      verdict: `All ${app} requests are counted, but these figures differ: ${labels}.`,
    };
  }
  const [{ rows: latencies }] = others;
  const rest = latencies.some(isNear) ? 'every status, latencies nearly' : 'every status and latency';
  return { agrees: true, verdict: `StatsD agrees with the app: all ${app} requests, ${rest}.` };
}

function isOff(row) {
  return row.agreement === 'off';
}

function isNear(row) {
  return row.agreement === 'near';
}

/** The value statsd calls `upper_<percentile>` (lib/process_metrics.js), here of what the app measured; or one next to it. */
function atRank(ascending, percentile, step = 0) {
  const rank = Math.round((percentile / 100) * ascending.length) + step;
  return ascending[Math.min(Math.max(rank, 1), ascending.length) - 1];
}

function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0);
}

function describe(label, app, statsd) {
  return { label, app, statsd: decimals(statsd) };
}

function relative(statsd, app) {
  if (statsd === undefined || app === undefined) return 'missing';
  return `${signed(Number(((statsd / app - 1) * 100).toFixed(2)), (value) => value.toFixed(2))} %`;
}

function whole(value) {
  return value.toLocaleString('en-GB');
}

function decimals(value) {
  return value === undefined ? '–' : value.toFixed(2);
}

function signed(value, format) {
  return value > 0 ? `+${format(value)}` : format(value);
}
