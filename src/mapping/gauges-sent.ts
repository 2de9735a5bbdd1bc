// Notices gauges that overwrite each other within one export: two series that became one by mapping. Counters
// need no such watch, for a server adds them up.

import type { MetricContext } from './context.js';
import type { SeriesText } from './lines.js';

/** Enough to find what collides, which whole metrics do, in memory of a few MB at most. */
const MAX_WATCHED = 20_000;

export class GaugesSent {
  readonly #metrics = new Map<string, string>();

  /** A series may be sent again in the next export. */
  beginExport(): void {
    this.#metrics.clear();
  }

  note(series: SeriesText, { metric, report }: Pick<MetricContext, 'metric' | 'report'>): void {
    const earlier = this.#metrics.get(series.identity);
    if (earlier !== undefined) {
      report.warn(
        `collision ${metric}`,
        `several series of ${[...new Set([earlier, metric])].join(' and ')} are one to the server, ` +
          `${series.head}${series.tail}: each of their gauges overwrites the one before`,
      );
    } else if (this.#metrics.size < MAX_WATCHED) {
      this.#metrics.set(series.identity, metric);
    }
  }
}
