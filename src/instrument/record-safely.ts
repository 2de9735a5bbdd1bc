// Instruments of the API never throw; the structural types admit others, which may.

import type { Attributes } from '@opentelemetry/api';
import type { Adder, Recorder } from './instruments.js';
import { warnOnce } from './log-once.js';

const FAILED = 'an instrument threw; the measurement is lost';

export function recordSafely(histogram: Recorder, value: number, attributes: Attributes | undefined): void {
  try {
    histogram.record(value, attributes);
  } catch (error) {
    warnOnce(histogram, FAILED, error);
  }
}

export function addSafely(counter: Adder, value: number, attributes: Attributes | undefined): void {
  try {
    counter.add(value, attributes);
  } catch (error) {
    warnOnce(counter, FAILED, error);
  }
}
