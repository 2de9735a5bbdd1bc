// What a page is told: JSON, whose texts are escaped as they are for a terminal.

import { printable } from '../../../runtime/printable.js';
import { cut } from '../../text/table.js';
import { forwardText } from '../forward/forward-text.js';
import type { PlotKind } from '../series-history.js';
import type { LineIssue, Session } from '../session.js';
import { countsOf, sourceText, type TableState, waysToSend } from '../table-view.js';

/** The first message of a connection. */
export function helloMessage(state: TableState, run: string): string {
  const { endpoint, session, dialectSource } = state;
  return JSON.stringify({
    /** Another one than before: the command was started again. */
    run,
    endpoint: printable(endpoint),
    dialect: `${session.dialect.name}${printable(sourceText(dialectSource))}`,
    waysToSend: waysToSend(state),
  });
}

/** What stands above the table; the same text while nothing has changed. */
export function statusOf(state: TableState): string {
  const { session, forward } = state;
  return JSON.stringify({
    counts: countsOf(state).map(printable),
    isHealthy: session.malformedLines === 0,
    forward: forward && {
      text: printable(forwardText(forward)),
      isFailing: forward.health.name === 'failing',
    },
  });
}

/** Problems of an issue, and characters of each. */
const MAX_PROBLEMS = 5;
const MAX_PROBLEM_CHARACTERS = 200;

/** Latest first. The same text for all pages while the issues are the same: a flood of them takes milliseconds to escape. */
export function issuesReader(): (session: Session) => string {
  let version = -1;
  let text = '';
  return ({ issues, issuesVersion }) => {
    if (issuesVersion !== version) text = JSON.stringify(issues.map(shownIssue).reverse());
    version = issuesVersion;
    return text;
  };
}

function shownIssue({ line, isMalformed, problems, times = 1 }: LineIssue): object {
  return {
    line: printable(line),
    isMalformed,
    problems: problems
      .slice(0, MAX_PROBLEMS)
      .map((problem) => printable(cut(problem, MAX_PROBLEM_CHARACTERS))),
    times,
  };
}

/** Columns, as the charting library takes them; times in seconds before now. */
export interface PlotMessage {
  readonly kind: PlotKind;
  readonly columns: readonly (readonly number[])[];
}

/** @param fromSecond the plot begins there */
export function plotOf(
  { session, nowMillis }: TableState,
  id: number,
  seconds: number,
): PlotMessage | undefined {
  const now = nowMillis / 1000;
  const plot = session.table.all[id]?.history?.plot(Math.floor(now - seconds), Math.floor(now));
  if (plot === undefined) return undefined;
  const { kind, points } = plot;
  const times = points.map(({ second }) => Math.round((second - now) * 1000) / 1000);
  const values = points.map(({ value }) => value);
  const columns =
    kind === 'rate'
      ? [times, values]
      : [times, values, points.map(({ low }) => low), points.map(({ high }) => high)];
  return { kind, columns };
}

/** Of the series that exist. */
export function trendsOf(
  { session: { table } }: TableState,
  ids: readonly number[],
): [number, readonly number[]][] {
  return ids.flatMap((id): [number, readonly number[]][] => {
    const series = table.all[id];
    return series === undefined ? [] : [[id, table.trendOf(series)]];
  });
}
