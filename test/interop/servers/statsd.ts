// The statsd daemon, read by its admin port and by flushes on demand.
import { createRequire } from 'node:module';
import { type StatsdFlush, startStatsdDaemon } from '../../../examples/demo/statsd-daemon.js';
import type { DialectName } from '../../../src/mapping/dialects/index.js';
import type { Tag } from '../../../src/mapping/tags/tags.js';
import {
  EXACT,
  type InteropServer,
  type Report,
  type RunningServer,
  type TimerFigures,
} from '../harness/server.js';

const require = createRequire(import.meta.url);

export function statsdServer(
  name: string,
  title: string,
  dialect: DialectName,
  series: (name: string, tags: readonly Tag[]) => string,
  config: Readonly<Record<string, unknown>> = {},
): InteropServer {
  return {
    name,
    title,
    dialect,
    protocols: ['udp', 'tcp'],
    version: () => (require('statsd/package.json') as { version: string }).version,
    series,
    keeps: EXACT,
    start: () => start(config),
  };
}

async function start(config: Readonly<Record<string, unknown>>): Promise<RunningServer> {
  const daemon = await startStatsdDaemon({ percentThreshold: [50, 90, 95, 99], config });
  let totals = new Totals();
  return {
    port: (protocol) => (protocol === 'udp' ? daemon.udpPort : daemon.tcpPort),
    startOfInterval: async () => {},
    async report() {
      await daemon.settle();
      const { badLinesSeen } = await daemon.ownCounters();
      totals.badLines += badLinesSeen;
      totals.add(await daemon.flush());
      return totals.report();
    },
    kill: () => daemon.kill(),
    async restart() {
      await daemon.restart();
      totals = new Totals();
    },
    async stop() {
      await daemon.stop();
    },
  };
}

/** A flush sets counters and timers back; gauges stay. */
class Totals {
  badLines = 0;
  readonly #counters: Record<string, number> = {};
  readonly #timers: Record<string, TimerFigures[]> = {};
  readonly #sets: Record<string, number> = {};
  #gauges: Readonly<Record<string, number>> = {};

  add({ counters, gauges, sets, timers, timerData }: StatsdFlush): void {
    this.#gauges = gauges;
    for (const [name, value] of Object.entries(counters))
      this.#counters[name] = (this.#counters[name] ?? 0) + value;
    for (const [name, members] of Object.entries(sets))
      this.#sets[name] = (this.#sets[name] ?? 0) + members.length;
    for (const [name, values] of Object.entries(timers)) {
      if (values.length > 0)
        this.#timers[name] = [...(this.#timers[name] ?? []), toFigures(timerData[name]!)];
    }
  }

  report(): Report {
    const complaints = this.badLines > 0 ? [`${this.badLines} bad lines`] : [];
    return {
      counters: this.#counters,
      gauges: this.#gauges,
      sets: this.#sets,
      timers: this.#timers,
      complaints,
    };
  }
}

function toFigures(data: Readonly<Record<string, number>>): TimerFigures {
  const { count, sum, mean, lower, upper } = data as Readonly<
    Record<'count' | 'sum' | 'mean' | 'lower' | 'upper', number>
  >;
  const percentiles = Object.fromEntries([50, 90, 95, 99].map((p) => [p, data[`upper_${p}`]!]));
  return { count, sum, mean, min: lower, max: upper, percentiles };
}
