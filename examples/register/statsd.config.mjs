// Options of the exporter for `register`, which OTEL_EXPORTER_STATSD_CONFIG names.
import { defineConfig, namePresets } from 'opentelemetry-exporter-statsd';

export default defineConfig({
  prefix: '{service.name}',
  names: {
    ...namePresets.semconv,
    // No attributes but those in the name; otherwise statsd has them after it.
    'http.server.request.duration': {
      name: 'web.{http.request.method}.{http.response.status_code}',
      attributes: [],
    },
  },
});
