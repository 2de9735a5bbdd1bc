// Output of a session while it runs: raw lines, JSON, a table printed at intervals, or a table drawn in place.

import type { Timer } from '../../runtime/clock.js';
import { counted } from '../../runtime/counted.js';
import { printable, printableJson } from '../../runtime/printable.js';
import type { Io } from '../shared/io.js';
import { type Style, styleOf } from '../text/style.js';
import type { Diagnosis } from './diagnose.js';
import { forwardText } from './forward/forward-text.js';
import type { ListenSettings } from './listen-arguments.js';
import { Screen } from './screen.js';
import { shortIssue } from './session.js';
import {
  countsText,
  issueLines,
  plainTable,
  sourceText,
  type TableState,
  webText,
  windowLines,
} from './table-view.js';

export interface View {
  start(): void;
  lineReceived(line: string, diagnosis: Diagnosis): void;
  /** Something else than a line. */
  notice(text: string): void;
  /** Before the summary. */
  stop(): void;
}

/** Time between two frames of the table. */
const FRAME_MILLIS = 250;

/** Issues printed per interval; further ones are only counted. */
const PRINTED_ISSUES = 20;

/** Rows printed per interval: lines that arrive meanwhile wait. */
const PRINTED_ROWS = 200;

/** Width of output that is not a terminal. */
const UNBROKEN = Infinity;

export function createView(settings: ListenSettings, state: () => TableState, io: Io): View {
  switch (settings.form) {
    case 'raw':
      // Unchanged for programs; a terminal would obey control characters.
      return lineView(io, state, (line) => `${io.out.isTerminal ? printable(line) : line}\n`);
    case 'json':
      return lineView(io, state, jsonLines);
    case 'table':
      return io.out.isTerminal ? windowView(io, state) : tableView(io, state, settings.intervalMillis);
  }
}

/** Characters of JSON for one line: its samples repeat its tags and its text. */
const MAX_JSON_CHARACTERS = 2 ** 20;

/** An object per sample, or one for a line without any. */
function jsonLines(line: string, diagnosis: Diagnosis): string {
  const { line: text, problems } = shortIssue({ line, ...diagnosis });
  const { samples } = diagnosis;
  if (samples.length === 0) return `${printableJson({ line: text, problems })}\n`;
  let all = '';
  for (const [index, sample] of samples.entries()) {
    if (all.length > MAX_JSON_CHARACTERS) {
      const rest = `${counted(samples.length - index, 'further sample')} of this line not shown`;
      return `${all}${printableJson({ line: text, problems: [...problems, rest] })}\n`;
    }
    all += `${printableJson({ ...sample, line: text, ...(problems.length > 0 ? { problems } : {}) })}\n`;
  }
  return all;
}

/** Lines to standard output, their problems to standard error. */
function lineView(
  io: Io,
  state: () => TableState,
  textOf: (line: string, diagnosis: Diagnosis) => string,
): View {
  const style = styleOf(io.err);
  return {
    start: () => io.err.write(`${listeningText(state(), style)}\n`),
    lineReceived(line, diagnosis) {
      io.out.write(textOf(line, diagnosis));
      if (diagnosis.problems.length > 0) {
        const [, why = ''] = issueLines(shortIssue({ line, ...diagnosis }), style, UNBROKEN);
        io.err.write(`${diagnosis.isMalformed ? '✗' : '!'} ${why.trimStart()}\n`);
      }
    },
    notice: (text) => io.err.write(`! ${printable(text)}\n`),
    stop() {},
  };
}

function tableView(io: Io, state: () => TableState, intervalMillis: number): View {
  const style = styleOf(io.out);
  const { out, clock } = io;
  let printed = 0;
  let timer = { cancel: () => {} };
  let linesShown = 0;
  const print = (): void => {
    const { session } = state();
    if (printed > PRINTED_ISSUES) out.write(`… and ${counted(printed - PRINTED_ISSUES, 'more issue')}\n`);
    printed = 0;
    if (session.lines === linesShown) return;
    linesShown = session.lines;
    const time = io.date().toISOString().slice(11, 19);
    const table = plainTable(state(), UNBROKEN, PRINTED_ROWS);
    out.write(`\n${[`${time} UTC · ${countsText(state())}`, ...table].join('\n')}\n`);
  };
  const tick = (): void => {
    timer = clock.after(intervalMillis, () => {
      print();
      tick();
    });
  };
  return {
    start() {
      out.write(`${listeningText(state(), style)}\n`);
      tick();
    },
    lineReceived(line, diagnosis) {
      if (diagnosis.problems.length === 0) return;
      printed += 1;
      if (printed > PRINTED_ISSUES) return;
      out.write(`${issueLines(shortIssue({ line, ...diagnosis }), style, UNBROKEN).join('\n')}\n`);
    },
    notice: (text) => out.write(`! ${printable(text)}\n`),
    stop: () => timer.cancel(),
  };
}

function windowView(io: Io, state: () => TableState): View {
  const style = styleOf(io.out);
  const { out, clock } = io;
  let stop = (): void => {};
  return {
    start() {
      const screen = new Screen(out);
      const draw = (): void => {
        const { columns, rows } = out.size() ?? { columns: 80, rows: 24 };
        // A line that fills the last cell makes some terminals wrap before they clear the rest.
        screen.draw(windowLines(state(), { columns: Math.max(1, columns - 1), rows }, style));
      };
      let timer: Timer;
      const tick = (): void => {
        timer = clock.after(FRAME_MILLIS, () => {
          draw();
          tick();
        });
      };
      const stopResize = out.onResize(() => {
        screen.invalidate();
        draw();
      });
      draw();
      tick();
      stop = () => {
        timer.cancel();
        stopResize();
        screen.leave();
      };
    },
    lineReceived() {},
    // It is in the head of the window.
    notice() {},
    stop: () => stop(),
  };
}

function listeningText({ endpoint, session, dialectSource, forward, web }: TableState, style: Style): string {
  const dialect = `${session.dialect.name}${sourceText(dialectSource)}`;
  const texts = [
    `Listening on ${printable(endpoint)} for lines of ${dialect}; Ctrl-C ends`,
    ...(web === undefined ? [] : [webText(web)]),
    ...(forward === undefined ? [] : [printable(forwardText(forward))]),
  ];
  return texts.map((text) => style('dim', text)).join('\n');
}
