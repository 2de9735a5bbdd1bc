// The table of series as lines of text, for a window or a pipe; pure, so that it can be looked at in tests.

import type { ListenerCounts } from '../../listener/listener.js';
import { counted, duration, shortNumber, shortRate } from '../text/numbers.js';
import { sparkline } from '../text/sparkline.js';
import type { Style } from '../text/style.js';
import { type Column, cut, cutEnd, naturalWidth, printable, tableLines } from '../text/table.js';
import { isTiming, TREND_LENGTH } from './series.js';
import { labelsOf, shortLabel } from './series-labels.js';
import type { SeriesRow } from './series-table.js';
import type { LineIssue, Session } from './session.js';

export interface TableState {
  readonly session: Session;
  readonly counts: ListenerCounts;
  readonly endpoint: string;
  readonly nowMillis: number;
}

export interface WindowSize {
  readonly columns: number;
  readonly rows: number;
}

const COLUMNS: readonly Column[] = [
  { title: 'SERIES', align: 'left' },
  { title: 'TYPE', align: 'left' },
  { title: 'RATE/S', align: 'right' },
  { title: 'LAST', align: 'right' },
];

const TIMING_COLUMNS: readonly Column[] = [
  { title: 'P50', align: 'right' },
  { title: 'P95', align: 'right' },
  { title: 'P99', align: 'right' },
];

const TOTAL: Column = { title: 'TOTAL', align: 'right' };

/** Fewer bars show no trend. */
const SHORTEST_TREND = 8;

/** Issues shown below the table of a window. */
const SHOWN_ISSUES = 3;

/** A whole window: what, where and how much; the table; what is wrong with lines. Never more lines than rows. */
export function windowLines(state: TableState, size: WindowSize, style: Style): string[] {
  const { session, nowMillis } = state;
  const issues = session.issues
    .slice(-SHOWN_ISSUES)
    .flatMap((issue) => issueLines(issue, style, size.columns));
  const foot = issues.length === 0 ? [] : ['', ...issues];
  const head = [headLine(state, size.columns, style), countsLine(state, size.columns, style), ''];
  const tableRoom = Math.max(2, size.rows - head.length - foot.length);
  const lines =
    session.lines === 0 ? waitingLines(state) : table(session.table.rows(nowMillis), size.columns, true);
  const [title = '', ...rows] = lines;
  const shown = rows.length + 1 <= tableRoom ? rows : rows.slice(0, tableRoom - 2);
  const left = rows.length - shown.length;
  return [
    ...head,
    session.lines === 0 ? title : style('bold', title),
    ...shown,
    ...(left > 0
      ? [style('dim', cutEnd(`… ${left} more series: a taller window or --filter shows them`, size.columns))]
      : []),
    ...foot,
  ].slice(0, size.rows);
}

/** For pipes and for the end: all of the table, without trends. */
export function plainTable({ session, nowMillis }: TableState, width: number): string[] {
  return session.table.size === 0 ? [] : table(session.table.rows(nowMillis), width, false);
}

export function countsText({ session, counts, nowMillis }: TableState): string {
  const { lines, malformedLines, doubtfulLines, table } = session;
  const packets = counts.datagrams > 0 ? counted(counts.datagrams, 'datagram') : undefined;
  return [
    duration(nowMillis - session.startedAt),
    counted(lines, 'line'),
    malformedLines > 0 && `${malformedLines.toLocaleString('en-US')} malformed`,
    doubtfulLines > 0 && `${doubtfulLines.toLocaleString('en-US')} doubtful`,
    `${table.size.toLocaleString('en-US')} series`,
    counts.connections > 0 ? counted(counts.connections, 'connection') : packets,
    counts.cutLines > 0 && `${counted(counts.cutLines, 'line')} cut off`,
    counts.oversizedLines > 0 && `${counted(counts.oversizedLines, 'line')} too long to keep`,
    table.ignoredSamples > 0 && `${counted(table.ignoredSamples, 'sample')} of further series not shown`,
  ]
    .filter(Boolean)
    .join(' · ');
}

/** Two lines: the line itself, and what is wrong with it. */
export function issueLines(
  { line, isMalformed, problems, times = 1 }: LineIssue,
  style: Style,
  width: number,
): string[] {
  const mark = isMalformed ? style('red', '✗') : style('yellow', '!');
  const often = times > 1 ? ` (${times} times)` : '';
  return [
    `${mark} ${cut(printable(line), width - 2 - often.length)}${style('dim', often)}`,
    style('dim', cutEnd(`  ${printable(problems.join('; '))}`, width)),
  ];
}

function headLine({ session, endpoint }: TableState, width: number, style: Style): string {
  const title = 'otel-statsd listen';
  const rest = ` · ${endpoint} · dialect ${session.dialect.name}`;
  if (width <= title.length) return style('bold', cutEnd(title, width));
  return style('bold', title) + cutEnd(rest, width - title.length);
}

function countsLine(state: TableState, width: number, style: Style): string {
  const text = cutEnd(countsText(state), width);
  return state.session.malformedLines > 0 ? style('red', text) : style('dim', text);
}

function waitingLines({ endpoint, session }: TableState): string[] {
  const { name } = session.dialect;
  return [
    'Waiting for lines. An app sends them here with',
    `  OTEL_EXPORTER_STATSD_ENDPOINT=${endpoint}`,
    ...(name === 'statsd' ? [] : [`  OTEL_EXPORTER_STATSD_DIALECT=${name}`]),
  ];
}

/** What matters least stands last, for that is left out first where the window is narrow. */
function table(rows: readonly SeriesRow[], width: number, hasTrend: boolean): string[] {
  // Columns in which nobody has anything only take size.
  const hasTimings = rows.some(({ percentiles }) => percentiles !== undefined);
  const columns = [...COLUMNS, ...(hasTimings ? TIMING_COLUMNS : [])];
  const labels = labelsOf(rows);
  const cells = rows.map((row, at) => [
    labels[at] ?? '',
    row.type === '' ? '-' : row.type,
    shortRate(row.ratePerSecond),
    typeof row.last === 'number' ? shortNumber(row.last) : printable(cutEnd(row.last, 12)),
    ...(hasTimings ? (row.percentiles?.map(shortNumber) ?? ['', '', '']) : []),
  ]);
  const totals = rows.map(({ type, total }) => (type === 'g' || type === '' ? '' : shortNumber(total)));
  if (!hasTrend) {
    const rowsWithTotal = cells.map((row, at) => [...row, totals[at] ?? '']);
    return tableLines([...columns, TOTAL], rowsWithTotal, width, shortLabel);
  }

  const spare = width - naturalWidth(columns, cells) - 2;
  const bars = Math.max(SHORTEST_TREND, Math.min(TREND_LENGTH, spare));
  const trend: Column = { title: 'TREND'.padEnd(bars), align: 'left' };
  const drawn = rows.map((row) => trendText(row, bars));
  return tableLines(
    [...columns, trend, TOTAL],
    cells.map((row, at) => [...row, drawn[at] ?? '', totals[at] ?? '']),
    width,
    shortLabel,
  );
}

/** Counts are drawn from zero, so that a bar's height is a number; values between their least and largest. */
function trendText({ type, trend }: SeriesRow, bars: number): string {
  const floor = type === 'g' || type === '' || isTiming(type) ? undefined : 0;
  return sparkline(trend, bars, floor);
}
