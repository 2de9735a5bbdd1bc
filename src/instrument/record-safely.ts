// The gate to instruments: none of their errors reaches the app, and no value that would spoil a sum reaches them.

import type { Attributes } from '@opentelemetry/api';
import type { Adder, Recorder } from './instruments.js';
import { warnOnce } from './log-once.js';

const FAILED = 'an instrument threw; the measurement is lost';

export function recordSafely(histogram: Recorder, value: number, attributes: Attributes | undefined): void {
  if (!isMeasurement(histogram, value)) return;
  try {
    histogram.record(value, attributes);
  } catch (error) {
    warnOnce(histogram, FAILED, error);
  }
}

/** True when the value was added. */
export function addSafely(counter: Adder, value: number, attributes: Attributes | undefined): boolean {
  if (!isMeasurement(counter, value)) return false;
  try {
    counter.add(value, attributes);
    return true;
  } catch (error) {
    warnOnce(counter, FAILED, error);
    return false;
  }
}

/** A sum that NaN or Infinity was added to never becomes a number again. */
function isMeasurement(instrument: object, value: unknown): value is number {
  if (Number.isFinite(value)) return true;
  const kind = typeof value === 'number' ? String(value) : typeof value;
  warnOnce(instrument, `a measurement must be a finite number, not ${kind}; it is ignored`);
  return false;
}
