// Tables, for the terminal and for the page. A table is `{ title, head, rows, note }`; the first column is text, the
// others are figures.

export function plainTable({ title, head, rows, note }) {
  const cells = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...cells.map((row) => [...row[column]].length)));
  const lines = cells.map((row) =>
    row.map((cell, column) => padded(cell, widths[column], column)).join('   '),
  );
  const rule = widths.map((width) => '─'.repeat(width)).join('───');
  return [title, '', lines[0], rule, ...lines.slice(1), ...(note ? ['', note] : [])]
    .map((line) => (line === '' ? '' : `  ${line}`.trimEnd()))
    .join('\n');
}

function padded(cell, width, column) {
  const blank = ' '.repeat(width - [...cell].length);
  return column === 0 ? cell + blank : blank + cell;
}

export function markdownTable({ head, rows }) {
  const rule = head.map((_, column) => (column === 0 ? '---' : '---:'));
  return [head, rule, ...rows].map((row) => `| ${row.map(escaped).join(' | ')} |`).join('\n');
}

function escaped(cell) {
  return cell.replaceAll('|', '\\|');
}
