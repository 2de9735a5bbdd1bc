// The table of series as lines of text, for a window or a pipe. Pure functions.

import type { ListenerCounts } from '../../listener/listener.js';
import { lossTexts } from '../../listener/losses.js';
import { counted } from '../../runtime/counted.js';
import { printable } from '../../runtime/printable.js';
import { duration, shortNumber, shortRate } from '../text/numbers.js';
import { sparkline } from '../text/sparkline.js';
import type { Style } from '../text/style.js';
import { type Column, cut, cutEnd, naturalWidth, tableLines } from '../text/table.js';
import { type ForwardStatus, forwardCounts, forwardText } from './forward/forward-text.js';
import { sendCommand } from './send-command.js';
import { TREND_LENGTH } from './series.js';
import { fitLabels, labelsOf, labelText } from './series-labels.js';
import type { SeriesRow } from './series-table.js';
import { isTiming } from './series-types.js';
import type { LineIssue, Session } from './session.js';

export interface TableState {
  readonly session: Session;
  readonly counts: ListenerCounts;
  readonly endpoint: string;
  /** The variable or configuration file that decides the dialect, if one does. */
  readonly dialectSource: string | undefined;
  readonly forward?: ForwardStatus | undefined;
  readonly web?: WebStatus | undefined;
  readonly nowMillis: number;
}

export interface WebStatus {
  /** The address of the page, for people. */
  readonly url: string;
  /** Pages that were disconnected because they did not read what they were sent. */
  readonly droppedPages: number;
  /** Connections closed at once because as many as are allowed were open. */
  readonly refusedConnections: number;
}

export function sourceText(source: string | undefined): string {
  return source === undefined ? '' : ` (${printable(source)})`;
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

/** Of the line of shared tags in a pipe. */
const PROSE_WIDTH = 1_000;

/** Issues shown below the table of a window. */
const SHOWN_ISSUES = 3;

/** A whole window: endpoint, counts, table, issues. Never more lines than rows. */
export function windowLines(state: TableState, size: WindowSize, style: Style): string[] {
  const { session, nowMillis } = state;
  const issues = session.issues
    .slice(-SHOWN_ISSUES)
    .flatMap((issue) => issueLines(issue, style, size.columns));
  const foot = issues.length === 0 ? [] : ['', ...issues];
  const head = [
    headLine(state, size.columns, style),
    ...webLines(state, size.columns, style),
    ...forwardLines(state, size.columns, style),
    countsLine(state, size.columns, style),
    '',
  ];
  const tableRoom = Math.max(2, size.rows - head.length - foot.length);
  if (session.lines === 0) return [...head, ...waitingLines(state), ...foot].slice(0, size.rows);
  // The others would take as long: seconds, when there are ten thousand.
  const rows = session.table.rows(nowMillis, tableRoom - 1);
  const { shared, lines } = table(rows, size.columns, true);
  const [title = '', ...rowLines] = lines;
  const which = rows.length < session.table.size ? 'All series shown have' : 'All series have';
  const sharedLines = shared === '' ? [] : [style('dim', cutEnd(`${which} ${shared}`, size.columns))];
  const rowRoom = tableRoom - 1 - sharedLines.length;
  const shown = session.table.size <= rowRoom ? rowLines : rowLines.slice(0, Math.max(0, rowRoom - 1));
  const left = session.table.size - shown.length;
  return [
    ...head,
    ...sharedLines,
    style('bold', title),
    ...shown,
    ...(left > 0
      ? [style('dim', cutEnd(`… ${left} more series: a taller window or --filter shows them`, size.columns))]
      : []),
    ...foot,
  ].slice(0, size.rows);
}

/** Without trends. At most so many rows; all at the end, when nothing waits for them. */
export function plainTable({ session, nowMillis }: TableState, width: number, mostRows = Infinity): string[] {
  const { size } = session.table;
  if (size === 0) return [];
  const { shared, lines } = table(session.table.rows(nowMillis, mostRows), width, false);
  const which = size > mostRows ? 'All series shown have' : 'All series have';
  return [
    ...(shared === '' ? [] : [cutEnd(`${which} ${shared}`, Math.min(width, PROSE_WIDTH))]),
    ...lines,
    ...(size > mostRows
      ? [`… ${size - mostRows} more series: --filter shows them, and the table at the end`]
      : []),
  ];
}

export function countsText(state: TableState): string {
  return countsOf(state).join(' · ');
}

export function countsOf({ session, counts, forward, web, nowMillis }: TableState): string[] {
  const { lines, malformedLines, doubtfulLines, table } = session;
  const packets = counts.datagrams > 0 ? counted(counts.datagrams, 'datagram') : undefined;
  return [
    duration(nowMillis - session.startedAt),
    counted(lines, 'line'),
    malformedLines > 0 && `${malformedLines.toLocaleString('en-US')} malformed`,
    doubtfulLines > 0 && `${doubtfulLines.toLocaleString('en-US')} doubtful`,
    `${table.size.toLocaleString('en-US')} series`,
    counts.connections > 0 ? counted(counts.connections, 'connection') : packets,
    ...lossTexts(counts),
    table.ignoredSamples > 0 && `${counted(table.ignoredSamples, 'sample')} of further series ignored`,
    ...(forward === undefined ? [] : forwardCounts(forward)),
    ...(web === undefined ? [] : webCounts(web)),
  ].filter((text) => typeof text === 'string');
}

function webCounts({ droppedPages, refusedConnections }: WebStatus): string[] {
  return [
    ...(droppedPages > 0 ? [`${counted(droppedPages, 'page')} disconnected, too slow`] : []),
    ...(refusedConnections > 0
      ? [`${counted(refusedConnections, 'connection')} to the page refused, too many open`]
      : []),
  ];
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

function headLine({ session, endpoint, dialectSource }: TableState, width: number, style: Style): string {
  const title = 'otel-statsd listen';
  const rest = ` · ${printable(endpoint)} · dialect ${session.dialect.name}${sourceText(dialectSource)}`;
  if (width <= title.length) return style('bold', cutEnd(title, width));
  return style('bold', title) + cutEnd(rest, width - title.length);
}

export function webText({ url }: WebStatus): string {
  return `Live page: ${url}`;
}

function webLines({ web }: TableState, width: number, style: Style): string[] {
  if (web === undefined) return [];
  const text = webText(web);
  return text.length <= width ? [style('cyan', text)] : [style('cyan', cutEnd(web.url, width))];
}

function forwardLines({ forward }: TableState, width: number, style: Style): string[] {
  if (forward === undefined) return [];
  const text = cutEnd(printable(forwardText(forward)), width);
  return [style(forward.health.name === 'failing' ? 'red' : 'dim', text)];
}

function countsLine(state: TableState, width: number, style: Style): string {
  const text = cutEnd(countsText(state), width);
  return state.session.malformedLines > 0 ? style('red', text) : style('dim', text);
}

export interface WaysToSend {
  readonly text: string;
  readonly commands: readonly string[];
}

/** How to send something, while nothing has arrived. */
export function waysToSend({ endpoint, session: { dialect } }: TableState): WaysToSend[] {
  const { name } = dialect;
  const command = sendCommand(endpoint, dialect);
  const variables = [
    `OTEL_EXPORTER_STATSD_ENDPOINT=${printable(endpoint)}`,
    ...(name === 'statsd' ? [] : [`OTEL_EXPORTER_STATSD_DIALECT=${name}`]),
  ];
  return [
    { text: 'An app sends them here with', commands: variables },
    ...(command === undefined ? [] : [{ text: 'A shell sends one with', commands: [printable(command)] }]),
  ];
}

function waitingLines(state: TableState): string[] {
  return waysToSend(state).flatMap(({ text, commands }, at) => [
    at === 0 ? `Waiting for lines. ${text}` : text,
    ...commands.map((command) => `  ${command}`),
  ]);
}

interface Table {
  /** The tags that all rows have, or an empty text. */
  readonly shared: string;
  readonly lines: string[];
}

/** The least important columns come last, because they are left out first in a narrow window. */
function table(rows: readonly SeriesRow[], width: number, hasTrend: boolean): Table {
  // Columns without any value would only take room.
  const hasTimings = rows.some(({ percentiles }) => percentiles !== undefined);
  const columns = [...COLUMNS, ...(hasTimings ? TIMING_COLUMNS : [])];
  const { shared, labels } = labelsOf(rows);
  const cells = rows.map((row, at) => [
    labelText(labels[at]!),
    row.type === '' ? '-' : row.type,
    shortRate(row.ratePerSecond),
    typeof row.last === 'number' ? shortNumber(row.last) : cutEnd(printable(row.last), 12),
    ...(hasTimings ? (row.percentiles?.map(shortNumber) ?? ['', '', '']) : []),
  ]);
  const totals = rows.map(({ type, total }) => (type === 'g' || type === '' ? '' : shortNumber(total)));
  const fit = (room: number): string[] => fitLabels(labels, room);
  const sharedText = shared.join(', ');
  if (!hasTrend) {
    const rowsWithTotal = cells.map((row, at) => [...row, totals[at]!]);
    return { shared: sharedText, lines: tableLines([...columns, TOTAL], rowsWithTotal, width, fit) };
  }

  const spare = width - naturalWidth(columns, cells) - 2;
  const bars = Math.max(SHORTEST_TREND, Math.min(TREND_LENGTH, spare));
  const trend: Column = { title: 'TREND'.padEnd(bars), align: 'left' };
  const drawn = rows.map((row) => trendText(row, bars));
  const lines = tableLines(
    [...columns, trend, TOTAL],
    cells.map((row, at) => [...row, drawn[at]!, totals[at]!]),
    width,
    fit,
  );
  return { shared: sharedText, lines };
}

/** Bars of counts start at zero, those of values at the smallest value. */
function trendText({ type, trend }: SeriesRow, bars: number): string {
  const floor = type === 'g' || type === '' || isTiming(type) ? undefined : 0;
  return sparkline(trend, bars, floor);
}
