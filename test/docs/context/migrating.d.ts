// What the fragments of docs/migrating.md use and do not make.
import type { Meter } from '@opentelemetry/api';
import type { MetricReader } from '@opentelemetry/sdk-metrics';

declare global {
  const meter: Meter;
  const reader: MetricReader;
  const app: {
    get(path: string, handle: (request: object, response: { json(body: object): void }) => void): void;
  };
}
