// One run of `listen`: the received lines and what is wrong with them. Memory is bounded, whatever is sent.

import type { Dialect } from '../../mapping/dialects/dialect.js';
import { cut } from '../text/table.js';
import { type Diagnosis, diagnose } from './diagnose.js';
import type { HistoryStores } from './series-history.js';
import { SeriesTable } from './series-table.js';

export interface LineIssue {
  /** Its beginning, if it is long. */
  readonly line: string;
  readonly isMalformed: boolean;
  readonly problems: readonly string[];
  /** How often the same line arrived; default once. */
  readonly times?: number;
}

/** As many as are shown at once. */
const KEPT_ISSUES = 20;

/** Characters kept of the line of an issue and of each of its problems, which quote the line. */
const KEPT_CHARACTERS = 500;

export interface SessionOptions {
  /** Text that the lines of a series in the table must contain. */
  readonly filter?: string;
  /** For views that show points over time. */
  readonly history?: HistoryStores | undefined;
}

export class Session {
  readonly dialect: Dialect;
  readonly table: SeriesTable;
  readonly startedAt: number;
  lines = 0;
  malformedLines = 0;
  /** Lines that the server reads, but not as they were meant. */
  doubtfulLines = 0;
  /** The latest issues, each line once, oldest first. */
  readonly issues: LineIssue[] = [];
  /** While it is the same, so are the issues. */
  issuesVersion = 0;
  readonly #filter: string;

  constructor(dialect: Dialect, startedAt: number, { filter = '', history }: SessionOptions = {}) {
    this.dialect = dialect;
    this.table = new SeriesTable(dialect, { history });
    this.startedAt = startedAt;
    this.#filter = filter;
  }

  receive(line: string, nowMillis: number): Diagnosis {
    const diagnosis = diagnose(line, this.dialect);
    const { samples, isMalformed, problems } = diagnosis;
    this.lines += 1;
    if (isMalformed) this.malformedLines += 1;
    else if (problems.length > 0) this.doubtfulLines += 1;
    if (problems.length > 0) this.#recordIssue(shortIssue({ line, isMalformed, problems }));
    if (line.includes(this.#filter)) {
      for (const sample of samples) this.table.add(sample, nowMillis);
    }
    return diagnosis;
  }

  #recordIssue(issue: LineIssue): void {
    this.issuesVersion += 1;
    const known = this.issues.findIndex(({ line }) => line === issue.line);
    const [earlier] = known < 0 ? [] : this.issues.splice(known, 1);
    this.issues.push({ ...issue, times: (earlier?.times ?? 0) + 1 });
    if (this.issues.length > KEPT_ISSUES) this.issues.shift();
  }
}

/** Problems quote the line, so that a long line has long problems. */
export function shortIssue({ line, isMalformed, problems }: LineIssue): LineIssue {
  return {
    line: cut(line, KEPT_CHARACTERS),
    isMalformed,
    problems: problems.slice(0, KEPT_ISSUES).map((problem) => cut(problem, KEPT_CHARACTERS)),
  };
}
