// Sets what the app measured against what StatsD reports. Pure: two records in, rows and a verdict out.

const DURATION = 'demo.http.server.request.duration.';
const EVENT_LOOP_TIME = 'demo.nodejs.eventloop.time.nodejs_eventloop_state.';
const EVENT_LOOP_UTILIZATION = 'demo.nodejs.eventloop.utilization';
const HEAP_USED = 'demo.v8js.memory.heap.used.';
const PERCENTILES = [50, 90, 99];
const MEBIBYTE = 2 ** 20;

// A series busier than 101 requests between two exports is sent as 101 samples that stand for all, on servers such as
// this which weight no percentile: a percentile may then be its neighbour by one in a hundred.
const NEIGHBOUR = 1;
// Latencies reach the exporter in the SDK's exponential histogram: 160 buckets over the range of an interval's values, each
// 4.4 % wide when the slowest takes a hundred times as long as the fastest.
const BUCKET_RATIO = 1.05;
// The app's clock and the instrumentation's start and stop some microseconds apart.
const CLOCKS_APART_MILLIS = 0.5;
// The app is asked for its figures a moment before its last export.
const MOMENT_SECONDS = 0.1;

/** The contract is in compare.d.ts. */
export function compare(app, flush) {
  const series = pairSeries(app.latencies, flush.timerData);
  const sections = [
    { title: 'Requests', rows: compareCounts(series) },
    { title: 'Latency, ms', rows: series.flatMap(compareLatencies) },
    { title: 'Runtime', rows: compareRuntime(app, flush) },
  ];
  return { sections, ...judge(sections, flush) };
}

/** The app's latencies next to StatsD's figures for the same method and status code. */
function pairSeries(latencies, timerData) {
  const reported = {};
  for (const [name, figures] of Object.entries(timerData)) {
    if (!name.startsWith(DURATION)) continue;
    // On this server attributes are part of the name: key.value.key.value
    const [, method] = /\.http_request_method\.([^.]+)/.exec(name) ?? [];
    const [, status] = /\.http_response_status_code\.([^.]+)/.exec(name) ?? [];
    reported[`${method} ${status}`] = figures;
  }
  const labels = new Set([...Object.keys(latencies), ...Object.keys(reported)]);
  return [...labels].sort(byStatus).map((label) => ({
    label,
    latencies: (latencies[label] ?? []).toSorted((a, b) => a - b),
    figures: reported[label],
  }));
}

function byStatus(a, b) {
  return a.slice(-3).localeCompare(b.slice(-3)) || a.localeCompare(b);
}

function compareCounts(series) {
  const counts = series.map(({ label, latencies, figures }) => ({
    label,
    app: latencies.length,
    // A sum of 1/rate, where the last binary digits may be missing.
    statsd: Number((figures?.count ?? 0).toFixed(6)),
  }));
  const all = { label: 'all', app: sum(counts, 'app'), statsd: sum(counts, 'statsd') };
  return [all, ...counts].map(({ label, app, statsd }) => ({
    label,
    app: count(app),
    statsd: count(statsd),
    difference: signed(statsd - app, count),
    agrees: app === statsd,
  }));
}

function compareLatencies({ label, latencies, figures }) {
  return PERCENTILES.map((percentile) => {
    const app = atRank(latencies, percentile);
    const statsd = figures?.[`upper_${percentile}`];
    const row = { label: `${label}  p${percentile}`, app: decimals(app), statsd: decimals(statsd) };
    if (app === undefined || statsd === undefined) return { ...row, difference: 'missing', agrees: false };
    const lowest = atRank(latencies, percentile - NEIGHBOUR) / BUCKET_RATIO - CLOCKS_APART_MILLIS;
    const highest = atRank(latencies, percentile + NEIGHBOUR) * BUCKET_RATIO + CLOCKS_APART_MILLIS;
    return { ...row, difference: percent(statsd / app - 1), agrees: lowest <= statsd && statsd <= highest };
  });
}

function compareRuntime({ eventLoop, samples }, { counters, gauges }) {
  const active = counters[`${EVENT_LOOP_TIME}active`];
  const idle = counters[`${EVENT_LOOP_TIME}idle`];
  const heapSpaces = Object.keys(gauges).filter((name) => name.startsWith(HEAP_USED));
  const heapUsed =
    heapSpaces.length === 0
      ? undefined
      : sum(
          heapSpaces.map((name) => ({ used: gauges[name] })),
          'used',
        );
  return [
    compareSeconds('event loop active, s', eventLoop.active / 1000, active),
    compareSeconds('event loop idle, s', eventLoop.idle / 1000, idle),
    compareGauge('event loop utilisation', samples.utilization, gauges[EVENT_LOOP_UTILIZATION]),
    compareGauge('heap used, MiB', samples.heapUsed.map(toMebibytes), heapUsed && toMebibytes(heapUsed)),
  ];
}

function compareSeconds(label, app, statsd) {
  const row = { label, app: decimals(app), statsd: decimals(statsd) };
  if (statsd === undefined) return { ...row, difference: 'missing', agrees: false };
  return { ...row, difference: percent(statsd / app - 1), agrees: Math.abs(statsd - app) <= MOMENT_SECONDS };
}

/** A gauge shows one moment of many: it has to lie where the app saw it move, with a tenth to spare. */
function compareGauge(label, seen, statsd) {
  const [lowest, highest] = [Math.min(...seen), Math.max(...seen)];
  const row = { label, app: `${decimals(lowest)} … ${decimals(highest)}`, statsd: decimals(statsd) };
  if (statsd === undefined) return { ...row, difference: 'missing', agrees: false };
  const agrees = lowest * 0.9 <= statsd && statsd <= highest * 1.1;
  return { ...row, difference: agrees ? 'within' : 'outside', agrees };
}

function judge(
  [{ rows: requests }, { rows: latencies }, { rows: runtime }],
  { counters, gauges, timerData },
) {
  const arrived = Object.keys({ ...counters, ...gauges, ...timerData }).some((name) =>
    name.startsWith('demo.'),
  );
  if (!arrived) return { agrees: false, verdict: 'Nothing arrived at StatsD.' };
  const [{ app, statsd }] = requests;
  if (!requests.every(hasAgreed)) {
    return {
      agrees: false,
      verdict: `The counts differ: the app answered ${app} requests, StatsD reports ${statsd}.`,
    };
  }
  const off = [...latencies, ...runtime].filter((row) => !hasAgreed(row));
  if (off.length > 0) {
    const labels = off.map(({ label }) => label.replace(/\s+/g, ' ')).join('; ');
    return {
      agrees: false,
      verdict: `All ${app} requests are counted, but these figures differ: ${labels}.`,
    };
  }
  return {
    agrees: true,
    verdict: `StatsD reports what the app measured: all ${app} requests, each status, each latency.`,
  };
}

function hasAgreed({ agrees }) {
  return agrees;
}

/** The value statsd calls `upper_<percentile>` (lib/process_metrics.js), here of what the app measured. */
function atRank(ascending, percentile) {
  const rank = Math.round((percentile / 100) * ascending.length);
  return ascending[Math.min(Math.max(rank, 1), ascending.length) - 1];
}

function sum(records, key) {
  return records.reduce((total, record) => total + record[key], 0);
}

function toMebibytes(bytes) {
  return bytes / MEBIBYTE;
}

function count(value) {
  return value.toLocaleString('en-GB');
}

function decimals(value) {
  return value === undefined ? '–' : value.toFixed(2);
}

function signed(value, format) {
  return value > 0 ? `+${format(value)}` : format(value);
}

function percent(ratio) {
  return `${signed(Number((ratio * 100).toFixed(2)), (value) => value.toFixed(2))} %`;
}
