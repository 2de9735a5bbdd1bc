// Ways to show a session while it runs: lines as they are, JSON, a table that is printed now and then, and one
// that is drawn in place.

import type { Io } from '../shared/io.js';
import { counted } from '../text/numbers.js';
import { type Style, styleOf } from '../text/style.js';
import { printable } from '../text/table.js';
import type { Diagnosis } from './diagnose.js';
import type { ListenSettings } from './listen-arguments.js';
import { Screen } from './screen.js';
import { countsText, issueLines, plainTable, type TableState, windowLines } from './table-view.js';

export interface View {
  start(): void;
  lineReceived(line: string, diagnosis: Diagnosis): void;
  /** Before the summary. */
  stop(): void;
}

/** A table is redrawn this often; faster is not read any more. */
const FRAME_MILLIS = 250;

/** Issues printed per interval; who sends nothing but nonsense is told so by the counts. */
const PRINTED_ISSUES = 20;

/** A line that is not broken at any width. */
const UNBROKEN = Infinity;

export function createView(settings: ListenSettings, state: () => TableState, io: Io): View {
  switch (settings.form) {
    case 'raw':
      // As they are for programs; a terminal would obey what they hold.
      return lineView(io, state, (line) => `${io.out.isTerminal ? printable(line) : line}\n`);
    case 'json':
      return lineView(io, state, (line, { samples, problems }) =>
        [
          ...samples.map((sample) => ({ ...sample, line, ...(problems.length > 0 ? { problems } : {}) })),
          ...(samples.length === 0 ? [{ line, problems }] : []),
        ]
          .map((each) => `${JSON.stringify(each)}\n`)
          .join(''),
      );
    case 'table':
      return io.out.isTerminal ? windowView(io, state) : tableView(io, state, settings.intervalMillis);
  }
}

/** To standard output what came, to standard error what is wrong with it. */
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
        const [, why = ''] = issueLines({ line, ...diagnosis }, style, UNBROKEN);
        io.err.write(`${diagnosis.isMalformed ? '✗' : '!'}${why.replace(/^( *)/, ' ')}\n`);
      }
    },
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
    out.write(`\n${[`${time} UTC · ${countsText(state())}`, ...plainTable(state(), UNBROKEN)].join('\n')}\n`);
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
      out.write(`${issueLines({ line, ...diagnosis }, style, UNBROKEN).join('\n')}\n`);
    },
    stop: () => timer.cancel(),
  };
}

function windowView(io: Io, state: () => TableState): View {
  const style = styleOf(io.out);
  const { out, clock } = io;
  let screen: Screen | undefined;
  let timer = { cancel: () => {} };
  let stopResize = (): void => {};
  const draw = (): void => {
    const { columns, rows } = out.size() ?? { columns: 80, rows: 24 };
    // A line that fills the last cell makes some terminals wrap before they clear the rest.
    screen?.draw(windowLines(state(), { columns: Math.max(1, columns - 1), rows }, style));
  };
  const tick = (): void => {
    timer = clock.after(FRAME_MILLIS, () => {
      draw();
      tick();
    });
  };
  return {
    start() {
      screen = new Screen(out);
      stopResize = out.onResize(() => {
        screen?.invalidate();
        draw();
      });
      draw();
      tick();
    },
    lineReceived() {},
    stop() {
      timer.cancel();
      stopResize();
      screen?.leave();
    },
  };
}

function listeningText({ endpoint, session }: TableState, style: Style): string {
  return style('dim', `Listening on ${endpoint} for lines of ${session.dialect.name}; Ctrl-C ends`);
}
