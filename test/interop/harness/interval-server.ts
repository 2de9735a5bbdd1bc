// A server that writes down what it aggregates, interval by interval.
import type { ChildServer } from './child-server.js';
import { IntervalReport } from './interval-report.js';
import { awaitFlush } from './marker.js';
import type { RunningServer } from './server.js';

interface IntervalLog {
  /** Answers the lines that have come since it was last asked, or since the `end` of those there are now. */
  readonly open: (from: 'start' | 'end') => () => readonly string[];
  /** What the server logs of lines that it does not take. */
  readonly complaint: RegExp;
  readonly addAll: (lines: readonly string[], report: IntervalReport) => void;
}

/** Its ports are one for UDP and one for TCP. */
export function intervalServer(child: ChildServer, { open, complaint, addAll }: IntervalLog): RunningServer {
  let lines = open('start');
  let report = new IntervalReport();
  const read = () => {
    addAll(lines(), report);
    return report.toReport(child.output.match(complaint) ?? []);
  };
  return {
    port: (protocol) => child.ports[protocol === 'udp' ? 0 : 1]!,
    startOfInterval: () => awaitFlush(child.ports[0]!, 'marker', () => read().gauges),
    report: async () => read(),
    kill: () => child.kill(),
    async restart() {
      // What was reported before its death is of no interest, wherever it ends.
      lines = open('end');
      report = new IntervalReport();
      await child.restart();
    },
    stop: () => child.stop(),
  };
}
