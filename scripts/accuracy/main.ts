// Runs all measurements, prints them, and writes the page and the picture.

import { writeFileSync } from 'node:fs';
import { distributions } from './distributions.js';
import { Case, type Curve, type Measurement } from './measure.js';
import { pageOf } from './page.js';
import { pictureOf, SHOWN } from './picture.js';
import { contrasts, type Setup, setups } from './setups.js';
import { detailsOf, summaryOf } from './tables.js';

const COUNTS = [1e3, 1e4, 1e5];

export async function measureAll({
  full,
  isPage,
}: {
  full: boolean;
  /** Whether the page is written. */
  isPage: boolean;
}): Promise<void> {
  const measurements: Measurement[] = [];
  const curves = new Map<Setup, Curve>();
  const all = [...setups, ...contrasts];
  const counts = full ? [...COUNTS, 1e6] : COUNTS;
  const total = counts.length * distributions.length;
  for (const count of counts) {
    for (const distribution of distributions) {
      showProgress(`${count} recordings, ${distribution}`, measurements.length / all.length / total);
      const recordings = await Case.of(distribution, count);
      const isShown = distribution === SHOWN.distribution && count === SHOWN.count;
      for (const setup of all) {
        measurements.push(recordings.measure(setup));
        if (isShown) curves.set(setup, recordings.curve(setup));
      }
    }
  }
  showProgress('', 1);
  for (const setup of all) {
    console.log(
      detailsOf(
        setup.title,
        measurements.filter((measurement) => measurement.setup === setup),
      ),
    );
  }
  console.log(summaryOf(setups, contrasts, measurements));
  if (!isPage) return;
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
