// statsite, read from the file that its stream command writes. Only what was touched is reported, interval by interval.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installed } from '../../../scripts/interop/cache.js';
import { ChildServer, type Launch } from '../harness/child-server.js';
import type { IntervalReport } from '../harness/interval-report.js';
import { intervalServer } from '../harness/interval-server.js';
import { foldedText } from '../harness/series-text.js';
import { EXACT, type InteropServer, type RunningServer } from '../harness/server.js';
import { readLines } from '../readers/lines.js';

const LINE = /^(counts|gauges|sets|kv|timers)\.(.*)\|([^|]*)\|\d+$/;
const TIMER = /^(.*)\.(count|sum|mean|lower|upper|p50|p90|p95|p99)$/;
const COMPLAINT = /^.*(?:Failed parse|Invalid|Received a line).*$/gim;

export const statsite: InteropServer = {
  name: 'statsite',
  title: 'statsite',
  dialect: 'statsite',
  protocols: ['udp', 'tcp'],
  version: () => installed('statsite')?.version,
  series: foldedText,
  // It prints six decimals, and its own decimal parser may be off in the last digit.
  keeps: { ...EXACT, counter: 1e-6, gaugeDecimals: 6, digits: 15, timer: 1e-6 },
  notes: [
    'It prints six decimals. Sum and maximum of its own are of the samples; the sum is the counter `.sum`.',
  ],
  async start() {
    const child = new ChildServer({ name: 'statsite', ports: 2, tcpPorts: [1], prepare });
    return running(await child.start());
  },
};

function prepare({ directory, ports: [udp, tcp] }: Launch) {
  const configuration = `[statsite]
port = ${tcp}
udp_port = ${udp}
bind_address = 127.0.0.1
log_level = INFO
flush_interval = 1
stream_cmd = cat >> ${directory}/out.txt
quantiles = 0.5, 0.9, 0.95, 0.99
timer_eps = 0.001
daemonize = 0
`;
  writeFileSync(join(directory, 'statsite.ini'), configuration);
  return {
    program: join(installed('statsite')!.folder, 'statsite'),
    args: ['-f', join(directory, 'statsite.ini')],
  };
}

function running(child: ChildServer): RunningServer {
  return intervalServer(child, {
    open: (from) => readLines(join(child.directory, 'out.txt'), from),
    complaint: COMPLAINT,
    addAll,
  });
}

/** The lines of a timer follow each other. */
function addAll(lines: readonly string[], report: IntervalReport): void {
  const timers = new Map<string, Record<string, number>>();
  for (const line of lines) {
    const [, kind = '', name = '', text = ''] = LINE.exec(line) ?? [];
    const value = Number(text);
    if (kind === 'counts') report.count(name, value);
    else if (kind === 'timers') {
      const [, series, figure = ''] = TIMER.exec(name) ?? [];
      if (series !== undefined) timers.set(series, { ...timers.get(series), [figure]: value });
    } else if (kind === 'sets') report.set(name, value);
    else report.gauge(name, value);
  }
  for (const [series, { count, sum, mean, lower, upper, ...percentiles }] of timers) {
    report.time(series, {
      count: count!,
      sum: sum!,
      mean: mean!,
      min: lower!,
      max: upper!,
      percentiles: Object.fromEntries(
        Object.entries(percentiles).map(([key, value]) => [key.slice(1), value]),
      ),
    });
  }
}
