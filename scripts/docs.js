// Writes the parts of the documentation that are made from the code, between <!-- begin NAME --> and
// <!-- end NAME -->, and documents that are made from it whole. `--check` writes nothing and fails when one of them is out of date.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readEnvironment } from '../build/exporter/options/environment.js';
import { resolveOptions } from '../build/exporter/options/resolve-options.js';
import { MetricsMapper } from '../build/mapping/metrics-mapper.js';
import { dialects, namePresets } from '../dist/esm/index.js';
import { optionTables } from './docs/options.js';
import { reference } from './docs/reference.js';

const root = new URL('..', import.meta.url);
const check = process.argv.includes('--check');

const parts = [
  { file: 'README.md', name: 'dialects', text: dialectTable() },
  ...Object.keys(optionTables()).map((name) => ({
    file: 'docs/configuration.md',
    name,
    text: optionTable(name),
  })),
  { file: 'docs/api.md', text: reference() },
  { file: 'docs/mapping.md', name: 'names', text: nameTable() },
  { file: 'docs/mapping.md', name: 'dialect-lines', text: lineTable() },
  { file: 'docs/mapping.md', name: 'dialect-rules', text: rulesTable() },
];

let outdated = 0;
for (const { file, name, text } of parts) {
  const path = fileURLToPath(new URL(file, root));
  const before = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const after = name === undefined ? text : replacePart(before, name, text, file);
  if (after === before) continue;
  if (check) {
    console.error(`${file}${name === undefined ? '' : `, part "${name}"`}: out of date; run: npm run docs`);
    outdated += 1;
  } else {
    writeFileSync(path, after);
    console.log(`${file}${name === undefined ? '' : `: ${name}`} written`);
  }
}
process.exitCode = outdated === 0 ? 0 : 1;

function replacePart(document, name, text, file) {
  const [begin, end] = [`<!-- begin ${name} -->`, `<!-- end ${name} -->`];
  const [from, to] = [document.indexOf(begin), document.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${file} has no part ${begin} … ${end}`);
  return `${document.slice(0, from + begin.length)}\n\n${text}\n\n${document.slice(to)}`;
}

function dialectTable() {
  return table(
    ['dialect', 'a counter with an attribute', 'histograms', 'default endpoint'],
    joinedRows(
      Object.entries(dialects).map(([name, dialect]) => [
        code(name),
        code(linesOf(name, counter())[0]),
        dialect.histograms,
        code(`${dialect.defaultProtocol}://127.0.0.1:${dialect.defaultPort}`),
      ]),
    ),
  );
}

/** Rows that differ in the first cell only are one. */
function joinedRows(rows) {
  const joined = new Map();
  for (const [first, ...rest] of rows) {
    const key = rest.join();
    joined.set(key, [[...(joined.get(key)?.[0] ?? []), first], ...rest]);
  }
  return [...joined.values()].map(([names, ...rest]) => [names.join(', '), ...rest]);
}

function optionTable(name) {
  const options = optionTables()[name];
  const columns = { default: 'fallback', environment: 'environment', meaning: 'meaning' };
  const used = Object.entries(columns).filter(([, key]) => options.some((option) => option[key] !== ''));
  return table(
    ['option', ...used.map(([title]) => title)],
    options.map((option) => [
      code(option.name),
      ...used.map(([, key]) => option[key].replaceAll('|', '\\|')),
    ]),
  );
}

/** Placeholders with a fallback are shown by their first attribute. */
function nameTable() {
  return table(
    ['metric', 'name on statsd by default', 'on dogstatsd by default'],
    Object.entries(namePresets.semconv).map(([metric, rule]) => {
      const template = typeof rule === 'object' ? rule.name : rule;
      const name = template.replace('{name}', metric).replaceAll(/\{([^|}]+)[^}]*\}/g, '<$1>');
      const rest = typeof rule === 'object' ? '' : ', other attributes after it';
      return [code(metric), code(name) + rest, `${code(metric)} with all attributes as tags`];
    }),
  );
}

function lineTable() {
  return table(
    ['dialect', 'counter', 'gauge below zero', 'latency of 250 ms, recorded once'],
    Object.keys(dialects).map((name) => [
      code(name),
      linesOf(name, counter()).map(code).join('<br>'),
      linesOf(name, gauge())
        .flatMap((line) => line.split('\n'))
        .map(code)
        .join('<br>'),
      linesOf(name, histogram()).map(code).join('<br>'),
    ]),
  );
}

function rulesTable() {
  return table(
    [
      'dialect',
      'samples',
      'fractions of counters',
      'values below zero in samples',
      'sets',
      'time in lines',
      'largest datagram, line (bytes)',
    ],
    Object.entries(dialects).map(([name, dialect]) => [
      code(name),
      samplesText(dialect),
      dialect.counterDecimals === 0
        ? 'carried over'
        : dialect.counterDecimals === Infinity
          ? 'sent'
          : `${dialect.counterDecimals} decimals`,
      dialect.samples.rate === 'none' ? '–' : dialect.samples.negative ? 'sent' : 'summary',
      setsText(dialect),
      dialect.timestamps,
      `${dialect.limits.datagramBytes}, ${finite(dialect.limits.lineBytes)}`,
    ]),
  );
}

function samplesText({ samples }) {
  if (samples.rate === 'none') return 'none';
  const weight =
    samples.maxWeight === Infinity || samples.maxWeight > 1e9 ? '' : `, each for up to ${samples.maxWeight}`;
  const packed = samples.packed ? ', packed' : '';
  return samples.rate === 'weighted'
    ? `weighted, ${samples.perPoint} strata${packed}${weight}`
    : `even, ${samples.perPoint}`;
}

function setsText({ sets }) {
  if (sets === undefined) return 'counter';
  return sets.isEstimate ? 'estimated' : 'counted';
}

/** The lines of an exporter whose options are the defaults, but for the container of this process. */
function linesOf(dialect, metric) {
  const lines = [];
  const { mapping } = resolveOptions(
    { dialect, originDetection: false },
    readEnvironment({}, () => {}),
  );
  const mapper = new MetricsMapper(mapping, () => 0);
  const batch = {
    resource: { attributes: {} },
    scopeMetrics: [{ scope: { name: 'docs' }, metrics: [metric] }],
  };
  const ignore = () => {};
  mapper.map(
    batch,
    { write: (text) => lines.push(...text.trimEnd().split('\n')) },
    { drop: ignore, warn: ignore, summarise: ignore },
  );
  return lines;
}

function counter() {
  return { ...metric('orders', ''), dataPointType: 3, isMonotonic: true, dataPoints: [point(1)] };
}

function gauge() {
  return { ...metric('balance', ''), dataPointType: 2, dataPoints: [point(-5)] };
}

function histogram() {
  const value = { buckets: { boundaries: [], counts: [1] }, count: 1, sum: 0.25, min: 0.25, max: 0.25 };
  return { ...metric('latency', 's'), dataPointType: 0, dataPoints: [point(value)] };
}

function metric(name, unit) {
  return { descriptor: { name, unit, description: '', valueType: 1 }, aggregationTemporality: 0 };
}

function point(value) {
  return { attributes: { country: 'fi' }, startTime: [1_700_000_000, 0], endTime: [1_700_000_010, 0], value };
}

function table(header, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}

function code(text) {
  return `\`${String(text).replaceAll('|', '\\|')}\``;
}

function finite(number) {
  return number === Infinity ? 'any' : number;
}
