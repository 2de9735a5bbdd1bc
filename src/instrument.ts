export { type CountExceptionsOptions, countExceptions } from './instrument/count-exceptions.js';
export { counted, type FunctionDecorator, inProgress, timed } from './instrument/decorators.js';
export {
  createDistinctCounter,
  type DistinctCounter,
  type DistinctCounterFactory,
  type DistinctCounterOptions,
} from './instrument/distinct-counter.js';
export type { DurationOptions } from './instrument/duration.js';
export type { Adder, Recorder } from './instrument/instruments.js';
export type { Json, JsonObject } from './instrument/json-tree.js';
export type { ErrorMatch } from './instrument/match-errors.js';
export {
  type Metered,
  type MeteredInstrument,
  type MeteredInstruments,
  metered,
} from './instrument/metered.js';
export type { AnyFunction, Observed } from './instrument/observe.js';
export {
  createRateMeter,
  type RateMeter,
  type RateMeterFactory,
  type RateMeterOptions,
} from './instrument/rate-meter.js';
export { type SnapshotOptions, type SnapshotReader, snapshot } from './instrument/snapshot.js';
export { startTimer, type Timer, type TimerOptions } from './instrument/start-timer.js';
export { type TimeOptions, time } from './instrument/time.js';
export { type TrackInProgressOptions, trackInProgress } from './instrument/track-in-progress.js';
