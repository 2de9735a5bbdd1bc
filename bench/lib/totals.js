// What somebody's output adds up to: how many data points, and the sum of their values. Output that is not complete
// has not been measured but skipped.

const NEWLINE = 10;
const COLON = 58;
const BAR = 124;

/** StatsD lines in pieces of any size: `name:value|type…`. */
export class StatsdTotals {
  points = 0;
  sum = 0;
  #rest = '';

  /** What a stream brings; lines may be cut anywhere. */
  addPiece(bytes) {
    const end = bytes.lastIndexOf(NEWLINE) + 1;
    if (end === 0) {
      this.#rest += bytes.latin1Slice(0, bytes.length);
      return;
    }
    const first = bytes.indexOf(NEWLINE) + 1;
    if (this.#rest !== '') {
      this.addWhole(Buffer.from(this.#rest + bytes.latin1Slice(0, first), 'latin1'));
      this.addWhole(bytes.subarray(first, end));
    } else {
      this.addWhole(bytes.subarray(0, end));
    }
    this.#rest = bytes.latin1Slice(end, bytes.length);
  }

  /** Whole lines; the last one need not have its newline. */
  addWhole(bytes) {
    for (let start = 0; start < bytes.length; ) {
      const newline = bytes.indexOf(NEWLINE, start);
      const end = newline === -1 ? bytes.length : newline;
      const colon = bytes.indexOf(COLON, start);
      const bar = bytes.indexOf(BAR, colon);
      if (end > start && colon !== -1 && bar !== -1 && bar < end) {
        this.points += 1;
        this.sum += Number(bytes.latin1Slice(colon + 1, bar));
      }
      start = end + 1;
    }
  }

  get totals() {
    return { points: this.points, sum: this.sum };
  }
}

export function prometheusTotals(text) {
  let points = 0;
  let sum = 0;
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('#') || line.startsWith('target_info')) continue;
    points += 1;
    sum += Number(line.slice(line.lastIndexOf('} ') + 2).split(' ')[0]);
  }
  return { points, sum };
}

export function otlpJsonTotals(bytes) {
  const { resourceMetrics } = JSON.parse(Buffer.from(bytes).toString());
  const all = resourceMetrics
    .flatMap(({ scopeMetrics }) => scopeMetrics)
    .flatMap(({ metrics }) => metrics)
    .flatMap(({ sum, gauge }) => (sum ?? gauge).dataPoints);
  return {
    points: all.length,
    sum: all.reduce((sum, { asDouble, asInt }) => sum + Number(asDouble ?? asInt), 0),
  };
}

/**
 * Field numbers from request to data point, of opentelemetry-proto 1.x metrics.proto: resource_metrics 1,
 * scope_metrics 2, metrics 2, gauge 5 or sum 7, data_points 1.
 */
const PATH = [[1], [2], [2], [5, 7], [1]];
const AS_DOUBLE = 4;
const AS_INT = 6;

/** Reads no more of the protobuf encoding than it takes to find the values. */
export function otlpTotals(bytes) {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const totals = { points: 0, sum: 0 };
  walk(buffer, 0, buffer.length, 0, totals);
  return totals;
}

function walk(buffer, start, end, depth, totals) {
  let at = start;
  const varint = () => {
    let value = 0;
    for (let shift = 1; ; shift *= 128) {
      const byte = buffer[at++];
      value += (byte & 127) * shift;
      if (byte < 128) return value;
    }
  };
  while (at < end) {
    const tag = varint();
    const field = Math.floor(tag / 8);
    if (tag % 8 === 0) varint();
    else if (tag % 8 === 1) {
      if (depth === PATH.length && field === AS_DOUBLE) totals.sum += buffer.readDoubleLE(at);
      if (depth === PATH.length && field === AS_INT) totals.sum += Number(buffer.readBigInt64LE(at));
      at += 8;
    } else if (tag % 8 === 5) at += 4;
    else {
      const length = varint();
      if (PATH[depth]?.includes(field)) {
        if (depth + 1 === PATH.length) totals.points += 1;
        walk(buffer, at, at + length, depth + 1, totals);
      }
      at += length;
    }
  }
}

/** '' when nothing is missing or wrong, else what is. Sums of doubles depend on the order in the last digits. */
export function difference(actual, expected) {
  if (actual.points !== expected.points) return `${actual.points} of ${expected.points} points`;
  const isEqual = Math.abs(actual.sum - expected.sum) <= Math.abs(expected.sum) * 1e-9;
  return isEqual ? '' : `values add up to ${actual.sum} instead of ${expected.sum}`;
}
