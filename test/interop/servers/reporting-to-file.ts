// A server that appends what it aggregates to a file, interval by interval.
import { join } from 'node:path';
import { readLines } from '../readers/lines.js';
import type { ChildServer } from './child-server.js';
import { IntervalReport } from './interval-report.js';
import { awaitFlush } from './marker.js';
import type { RunningServer } from './server.js';

interface FileFormat {
  /** In the directory of the server. */
  readonly file: string;
  /** What the server logs of lines that it does not take. */
  readonly complaint: RegExp;
  readonly addAll: (lines: readonly string[], report: IntervalReport) => void;
}

/** Its ports are one for UDP and one for TCP. */
export function reportingToFile(child: ChildServer, { file, complaint, addAll }: FileFormat): RunningServer {
  const path = join(child.directory, file);
  let lines = readLines(path);
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
      lines = readLines(path, 'end');
      report = new IntervalReport();
      await child.restart();
    },
    stop: () => child.stop(),
  };
}
