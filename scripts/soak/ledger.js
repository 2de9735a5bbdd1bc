// The books of both sides at the end of a soak.

import { readFileSync } from 'node:fs';

/** What is wrong with an exporter's books, if anything is. */
export function invariantFault({
  offeredLines,
  confirmedLines,
  writtenLines,
  droppedLines,
  queuedLines,
  inFlightLines,
}) {
  const placed = confirmedLines + writtenLines + sum(droppedLines) + queuedLines + inFlightLines;
  return placed !== offeredLines && `${offeredLines} lines enqueued, but ${placed} accounted for`;
}

/** What all processes of the server together made of the lines 0 to `sent` - 1. */
export function compareLines(recordFiles, sent) {
  const times = new Uint16Array(sent);
  let foreign = 0;
  let processed = 0;
  let read = 0;
  for (const file of recordFiles) {
    for (const line of readFileSync(file, 'utf8').split('\n')) {
      if (line === '') continue;
      if (line.startsWith('read ')) {
        read += Number(line.slice(5));
        continue;
      }
      processed += 1;
      const number = Number(/^line(\d+):1\|c$/.exec(line)?.[1] ?? Number.NaN);
      if (number < sent) times[number] += 1;
      else foreign += 1;
    }
  }
  // Each as the number of its first line and its length.
  const gaps = [];
  let lost = 0;
  let duplicated = 0;
  times.forEach((count, number) => {
    if (count > 0) {
      duplicated += count - 1;
      return;
    }
    lost += 1;
    if (number > 0 && times[number - 1] === 0) gaps.at(-1)[1] += 1;
    else gaps.push([number, 1]);
  });
  return { lost, gaps, duplicated, foreign, processed, readNotProcessed: read - processed };
}

export function printLedger({ stats, sent, lines, kills, faults, warmMemory, memory }) {
  const megabytes = (bytes) => (bytes === undefined ? '-' : `${(bytes / 1e6).toFixed(1)} MB`);
  const rows = [
    ['lines sent', sent],
    ['enqueued', stats.offeredLines],
    ['confirmed', stats.confirmedLines],
    ['written', stats.writtenLines],
    ...Object.entries(stats.droppedLines).map(([reason, count]) => [`dropped (${reason})`, count]),
    ['dropped, all reasons', sum(stats.droppedLines)],
    ['queued or in flight at the end', stats.queuedLines + stats.inFlightLines],
    ['resent', stats.resentLines],
    ['maybe duplicated', stats.maybeDuplicatedLines],
    ['really duplicated', lines.duplicated],
    ['lost', lines.lost],
    ['read by a killed server and not processed', lines.readNotProcessed],
    ['gaps (first line, lines)', lines.gaps.map((gap) => gap.join(', ')).join(' · ') || 'none'],
    ['kills', kills],
    [
      'faults',
      Object.entries(faults)
        .map(([name, count]) => `${count} × ${name}`)
        .join(', '),
    ],
    ['connections', stats.connects],
    ['segments', JSON.stringify(stats.segments)],
    ['longest confirmation', `${Math.round(stats.maxConfirmMillis)} ms`],
    ['resident memory after warm-up, at the end', `${megabytes(warmMemory?.rss)}, ${megabytes(memory.rss)}`],
    ['heap after warm-up, at the end', `${megabytes(warmMemory?.heapUsed)}, ${megabytes(memory.heapUsed)}`],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  console.log('');
  for (const [name, value] of rows) console.log(`${name.padEnd(width)}  ${value}`);
  console.log('');
}

function sum(counts) {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}
