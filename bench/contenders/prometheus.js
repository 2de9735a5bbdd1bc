import { PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { prometheusTotals } from '../lib/totals.js';

export function prometheus({ name = 'PrometheusSerializer' } = {}) {
  const serializer = new PrometheusSerializer();
  return {
    name,
    run({ metrics }) {
      if (serializer.serialize(metrics).length === 0) throw new Error('nothing was serialised');
    },
    totals: ({ metrics }) => prometheusTotals(serializer.serialize(metrics)),
    close() {},
  };
}
