import { StatsdExporter } from '../../dist/esm/index.js';
import { NullSink } from '../lib/null-sink.js';
import { StatsdTotals } from '../lib/totals.js';

/** More than any benchmark exports, so that nothing is merged or refused where making lines is measured. */
export const ROOMY_QUEUE = { softBytes: 2 ** 30, maxBytes: 2 ** 31 };

/** By the public API: from `export()` until a stream that does nothing has taken the last line. */
export function thisPackage({ name = 'this package', ...options } = {}) {
  const sink = new NullSink();
  const exporter = new StatsdExporter({
    dialect: 'dogstatsd',
    stream: sink,
    // The others send no tag of the resource either.
    resourceTags: [],
    queue: ROOMY_QUEUE,
    ...options,
  });
  return {
    name,
    exporter,
    sink,
    run: ({ metrics }) => exportAll(exporter, metrics),
    async totals(batch) {
      sink.kept = [];
      await this.run(batch);
      const totals = new StatsdTotals();
      for (const piece of sink.kept) totals.addPiece(piece);
      sink.kept = undefined;
      return totals.totals;
    },
    close: () => exporter.shutdown(),
  };
}

/** Export, and delivery. */
export async function exportAll(exporter, metrics) {
  const { code, error } = await new Promise((resolve) => exporter.export(metrics, resolve));
  if (code !== 0) throw error;
  await exporter.forceFlush();
}
