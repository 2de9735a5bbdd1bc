// The one method that helpers call on an instrument, so that a test can pass a fake.

import type { Attributes } from '@opentelemetry/api';

/** A `Histogram`, or any object with this method. */
export interface Recorder {
  record(value: number, attributes?: Attributes): void;
}

/** A `Counter` or `UpDownCounter`, or any object with this method. */
export interface Adder {
  add(value: number, attributes?: Attributes): void;
}
