// docs/interop.md out of what the tests of the last runs showed.
import { features } from '../checks/features.js';
import type { InteropServer, Protocol } from '../harness/server.js';
import { type InteropName, servers } from '../servers/index.js';
import type { Results, ServerResult } from './results.js';

const HISTOGRAMS = /histogram|values/;
const DEATH = 'death of the server';

export function pageOf(results: Results): string {
  const names = (Object.keys(servers) as InteropName[]).filter((name) => results[name] !== undefined);
  const titles = features.map(({ title }) => title);
  const histograms = titles.filter((title) => HISTOGRAMS.test(title));
  const others = [...titles.filter((title) => !HISTOGRAMS.test(title)), DEATH];
  return `# Interop with real servers

<!-- Written by \`npm run test:interop\`; change test/interop/report/page.ts instead. -->

One app, instrumented with the OpenTelemetry SDK, exports four times to each of these servers, over each protocol that
both speak; then the server is read back through its own interface and compared with what was recorded. Each cell is
what a test found, and every difference that is not in it fails the test. \`udp\` or \`tcp\` before a cell: so over this
protocol alone.

\`\`\`sh
npm run interop:install                     # into ~/.cache or STATSD_INTEROP_CACHE; takes some minutes
npm run interop:install -- --from-source    # also those that have to be built from their repositories
npm run test:interop                        # all that are installed
npm run test:interop -- --only netdata,carbon
npm run test:interop -- --require all       # fails when one is missing
\`\`\`

Linux alone: the tests ask the kernel whether a server has read its datagrams.

## Servers

${table(
  ['server', 'version', 'dialect', 'protocols'],
  names.map((name) => serverRow(name, results[name]!)),
)}

## Counters and gauges

${table(
  ['server', ...others],
  names.map((name) => [servers[name].title, ...cellsOf(results[name]!, others)]),
)}

- *counters* and *2,000 series*: every total of every series, compared with \`===\`, and no series besides.
- *hostile attributes*: line breaks, separators of all dialects, tags that servers take for themselves, lone surrogates,
  empty values; every one is a series of its own with its own count, and none forged another.
- *oversized attribute*: 20,000 characters.
- *death of the server*: killed after the first export, away for two, back for the fourth. Over TCP the count is exact; UDP
  cannot tell, but gauges are right afterwards and nothing is counted twice.

## Histograms

${table(
  ['server', ...histograms],
  names.map((name) => [servers[name].title, ...cellsOf(results[name]!, histograms)]),
)}

- *exact*: figures that equal those of the recorded values, as far as the server prints them. What is not named the server
  does not report, or takes from the samples alone ([accuracy.md](accuracy.md)).
- *100,000 values*: lognormal; the errors of the server's own percentiles against those of the values, rounded up. The
  first list is of times in milliseconds, the second, where it differs, of sizes in bytes.

## Notes

${names.flatMap((name) => notesOf(servers[name])).join('\n')}

## Not run

Datadog agent, Vector, Sysdig agent: in no package registry as something that can be built in minutes. Their dialects are
tested with models of their parsers.
`;
}

function serverRow(name: InteropName, { version }: ServerResult): string[] {
  const { title, dialect, protocols } = servers[name];
  return [title, version, `\`${dialect}\``, protocols.join(', ')];
}

function cellsOf({ cells }: ServerResult, titles: readonly string[]): string[] {
  return titles.map((title) => cellOf(cells[title] ?? {}));
}

function cellOf(cells: Readonly<Partial<Record<Protocol, string>>>): string {
  const { udp, tcp } = cells;
  if (udp === undefined || tcp === undefined || udp === tcp) return udp ?? tcp ?? '–';
  return `udp: ${udp}<br>tcp: ${tcp}`;
}

function notesOf({ title, notes = [] }: InteropServer): string[] {
  return notes.map((note) => `- **${title}**: ${note}`);
}

function table(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(heading), line(heading.map(() => '---')), ...rows.map(line)].join('\n');
}
