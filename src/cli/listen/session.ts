// One run of `listen`: what came, and what was wrong with it.

import type { Dialect } from '../../mapping/dialects/dialect.js';
import { type Diagnosis, diagnose } from './diagnose.js';
import { SeriesTable } from './series-table.js';

export interface LineIssue {
  readonly line: string;
  readonly isMalformed: boolean;
  readonly problems: readonly string[];
  /** How often the same line came; default once. */
  readonly times?: number;
}

/** As many as are ever shown at once. */
const KEPT_ISSUES = 20;

export class Session {
  readonly dialect: Dialect;
  readonly table: SeriesTable;
  readonly startedAt: number;
  lines = 0;
  malformedLines = 0;
  /** Read by the server, but not as they were meant. */
  doubtfulLines = 0;
  /** The latest, each line once, oldest first. */
  readonly issues: LineIssue[] = [];
  readonly #filter: string;

  /** @param filter text that the name or tags of a series in the table must hold */
  constructor(dialect: Dialect, startedAt: number, filter = '') {
    this.dialect = dialect;
    this.table = new SeriesTable(dialect);
    this.startedAt = startedAt;
    this.#filter = filter;
  }

  receive(line: string, nowMillis: number): Diagnosis {
    const diagnosis = diagnose(line, this.dialect);
    const { samples, isMalformed, problems } = diagnosis;
    this.lines += 1;
    if (isMalformed) this.malformedLines += 1;
    else if (problems.length > 0) this.doubtfulLines += 1;
    if (problems.length > 0) this.#recordIssue({ line, isMalformed, problems });
    if (line.includes(this.#filter)) {
      for (const sample of samples) this.table.add(sample, nowMillis);
    }
    return diagnosis;
  }

  #recordIssue(issue: LineIssue): void {
    const known = this.issues.findIndex(({ line }) => line === issue.line);
    const [earlier] = known < 0 ? [] : this.issues.splice(known, 1);
    this.issues.push({ ...issue, times: (earlier?.times ?? 0) + 1 });
    if (this.issues.length > KEPT_ISSUES) this.issues.shift();
  }
}
