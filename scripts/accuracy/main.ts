// Runs all measurements, prints them, and writes the page and the picture.

import { writeFileSync } from 'node:fs';
import { distributions } from './distributions.js';
import { Case, type Curve, type Measurement } from './measure.js';
import { pageOf } from './page.js';
import { pictureOf, SHOWN } from './picture.js';
import { detailsOf, summaryOf } from './tables.js';
import { contrasts, type Way, ways } from './ways.js';

const COUNTS = [1e3, 1e4, 1e5];

export async function measureAll({ full = false }: { full?: boolean }): Promise<void> {
  const measurements: Measurement[] = [];
  const curves = new Map<Way, Curve>();
  const all = [...ways, ...contrasts];
  const counts = full ? [...COUNTS, 1e6] : COUNTS;
  const total = counts.length * distributions.length;
  for (const count of counts) {
    for (const distribution of distributions) {
      showProgress(`${count} recordings, ${distribution}`, measurements.length / all.length / total);
      const recordings = await Case.of(distribution, count);
      const isShown = distribution === SHOWN.distribution && count === SHOWN.count;
      for (const way of all) {
        measurements.push(recordings.measure(way));
        if (isShown) curves.set(way, recordings.curve(way));
      }
    }
  }
  showProgress('', 1);
  for (const way of all) {
    console.log(
      detailsOf(
        way.title,
        measurements.filter((measurement) => measurement.way === way),
      ),
    );
  }
  console.log(summaryOf(ways, contrasts, measurements));
  if (full) return;
  writeFileSync('docs/accuracy.md', pageOf(measurements));
  writeFileSync('docs/accuracy.svg', pictureOf(measurements, curves));
  console.log('Written: docs/accuracy.md, docs/accuracy.svg');
}

/** One line that is overwritten; nothing unless standard error is a terminal. */
function showProgress(what: string, done: number): void {
  if (!process.stderr.isTTY) return;
  const text = what === '' ? '' : `${Math.round(100 * done)} %  ${what}`;
  process.stderr.write(`\r\u001b[K${text}`);
}
