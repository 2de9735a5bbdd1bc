// What the helpers ask of an instrument: just the one method they call, so that a fake in a test is enough.

import type { Attributes } from '@opentelemetry/api';

/** A `Histogram`, or anything else that values can be recorded on. */
export interface Recorder {
  record(value: number, attributes?: Attributes): void;
}

/** A `Counter` or `UpDownCounter`, or anything else that can be added to. */
export interface Adder {
  add(value: number, attributes?: Attributes): void;
}
