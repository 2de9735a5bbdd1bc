// Collections as the SDK hands them to an exporter, made without an SDK: for programs that fault tests start, and
// for exports by the hundred of series by the thousand.

/** AggregationTemporality and DataPointType of @opentelemetry/sdk-metrics. */
const DELTA = 0;
const CUMULATIVE = 1;
const GAUGE = 2;
const SUM = 3;

/** One point of value 1 for each of the counters `line<first>`, `line<first + 1>` and so on. */
export function numberedCounters(count, first = 0) {
  return collectionOf(
    Array.from({ length: count }, (_, index) => metric(`line${first + index}`, DELTA, SUM, [point({}, 1)])),
  );
}

/** One counter and one gauge, of so many series each. */
export function seriesCollection(counters, count, gauges, level) {
  return collectionOf([
    metric('requests', DELTA, SUM, seriesPoints(counters, count)),
    metric('level', CUMULATIVE, GAUGE, seriesPoints(gauges, level)),
  ]);
}

function collectionOf(metrics) {
  const resource = { attributes: {}, asyncAttributesPending: false };
  return { resource, scopeMetrics: [{ scope: { name: 'faults' }, metrics }] };
}

function metric(name, aggregationTemporality, dataPointType, dataPoints) {
  const descriptor = { name, unit: '', description: '', valueType: 1, type: 'COUNTER', advice: {} };
  return {
    descriptor,
    aggregationTemporality,
    dataPointType,
    isMonotonic: dataPointType === SUM,
    dataPoints,
  };
}

function seriesPoints(series, value) {
  return Array.from({ length: series }, (_, index) => point({ series: index }, value));
}

function point(attributes, value) {
  return { attributes, startTime: [1, 0], endTime: [2, 0], value };
}
