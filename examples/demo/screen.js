// What the demo shows: in a terminal colours and one line that redraws itself, in a log or pipe plain lines.
import { stripVTControlCharacters, styleText } from 'node:util';

const HIDE_CURSOR = '\x1b[?25l';
const SHOW_CURSOR = '\x1b[?25h';
const CLEAR_LINE = '\r\x1b[2K';
const BAR_CELLS = 30;
// Two more than there are: room for the ^C of a terminal.
const SPACES_AROUND_BAR = 10;
const INDENT = '  ';
// The column that a narrow window does without: the mark beside it says whether the difference matters.
const DIFFERENCE = 3;

/** @param {{ stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv }} terminal */
export function createScreen({ stream, env }) {
  const isLive = Boolean(stream.isTTY) && !env.NO_COLOR && env.TERM !== 'dumb';
  const style = (format, text) => (isLive ? styleText(format, text) : text);
  const write = (text) => stream.write(`${text}\n`);
  let isInProgress = false;

  function endProgress() {
    if (isInProgress && isLive) stream.write(`${CLEAR_LINE}${SHOW_CURSOR}`);
    isInProgress = false;
  }

  return {
    /** How often progress is worth showing. */
    progressMillis: isLive ? 100 : 1_000,

    title: (text) => write(`\n  ${style('bold', text)}\n`),

    fact: (label, text) => write(`  ${style('dim', label.padEnd(9))}${text}`),

    note: (text) => write(style('dim', text.replace(/^/gm, '  '))),

    progress(done, total, text) {
      const counted = `${done.toLocaleString('en-GB')} of ${total.toLocaleString('en-GB')} requests`;
      if (isLive) {
        // A line longer than the window would wrap, and a wrapped line cannot be redrawn.
        const room = (stream.columns ?? 80) - counted.length - text.length - SPACES_AROUND_BAR;
        const width = Math.max(0, Math.min(BAR_CELLS, room));
        const cells = Math.round((done / total) * width);
        const bar = style('cyan', '━'.repeat(cells)) + style('dim', '─'.repeat(width - cells));
        const start = isInProgress ? CLEAR_LINE : HIDE_CURSOR;
        stream.write(`${start}  ${bar}  ${counted} ${style('dim', `· ${text}`)}`);
      } else {
        write(`  ${counted} · ${text}`);
      }
      isInProgress = true;
    },
    endProgress,

    lines(title, lines) {
      write(`${isLive ? '' : '\n'}  ${style('bold', title)}`);
      for (const line of lines) write(`    ${line}`);
      write('');
    },

    /** @param {{ title: string, rows: import('./compare.js').Row[] }[]} sections */
    table(sections, { app = 'the app' } = {}) {
      const marks = { equal: style('green', '✓'), near: style('yellow', '≈'), off: style('red', '✗') };
      const blocks = sections.map(({ title, rows }) => [
        [style('bold', title), style('dim', app), style('dim', 'StatsD'), style('dim', 'difference'), ' '],
        ...rows.map(({ label, app, statsd, difference, agreement }) => [
          `  ${label}`,
          app,
          statsd,
          style(agreement === 'off' ? 'red' : 'dim', difference),
          marks[agreement],
        ]),
      ]);
      const styleRule = (rule) => style('dim', rule);
      let box = drawBox(blocks, styleRule);
      if (stream.columns < visibleLength(box[0]) + INDENT.length) {
        const narrow = blocks.map((block) =>
          block.map((row) => row.filter((_, column) => column !== DIFFERENCE)),
        );
        box = drawBox(narrow, styleRule);
      }
      for (const line of box) write(`${INDENT}${line}`);
    },

    verdict(agrees, text) {
      write(`\n  ${agrees ? style(['bold', 'green'], `✓ ${text}`) : style(['bold', 'red'], `✗ ${text}`)}\n`);
    },
  };
}

/** Rows of cells, the first left-aligned, in a box with a rule between the blocks. */
function drawBox(blocks, styleRule) {
  const rows = blocks.flat();
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => visibleLength(row[column]))));
  const rule = (left, middle, right) =>
    styleRule(left + widths.map((width) => '─'.repeat(width + 2)).join(middle) + right);
  const side = styleRule('│');
  const line = (row) =>
    `${side} ${row.map((cell, column) => pad(cell, widths[column], column)).join(` ${side} `)} ${side}`;
  return [
    rule('┌', '┬', '┐'),
    ...blocks.flatMap((block, index) => [...(index === 0 ? [] : [rule('├', '┼', '┤')]), ...block.map(line)]),
    rule('└', '┴', '┘'),
  ];
}

function pad(cell, width, column) {
  const space = ' '.repeat(width - visibleLength(cell));
  return column === 0 ? cell + space : space + cell;
}

function visibleLength(cell) {
  return stripVTControlCharacters(cell).length;
}
