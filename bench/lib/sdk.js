// The SDK of the project itself, not the copy that the peers bring along: both make the same data, but the
// project is tested with its own.
import { createRequire } from 'node:module';

const require = createRequire(new URL('../../package.json', import.meta.url));

export const {
  AggregationTemporality,
  AggregationType,
  DataPointType,
  MeterProvider,
  MetricReader,
} = require('@opentelemetry/sdk-metrics');

/** Version of a package that the project has installed. */
export function projectVersion(name) {
  return require(`${name}/package.json`).version;
}
