import { JsonMetricsSerializer, ProtobufMetricsSerializer } from '@opentelemetry/otlp-transformer';
import { otlpJsonTotals, otlpTotals } from '../lib/totals.js';

export function otlpProtobuf() {
  return otlp('OTLP protobuf', ProtobufMetricsSerializer, otlpTotals);
}

export function otlpJson() {
  return otlp('OTLP JSON', JsonMetricsSerializer, otlpJsonTotals);
}

function otlp(name, serializer, totals) {
  return {
    name,
    run({ metrics }) {
      if (serializer.serializeRequest(metrics).length === 0) throw new Error('nothing was serialised');
    },
    totals: ({ metrics }) => totals(serializer.serializeRequest(metrics)),
    close() {},
  };
}
