/**
 * Points of a step on the fast path, some ten microseconds of work. Points on the slow path and histograms take as long
 * as about so many of those.
 */
const FAST_POINTS_PER_STEP = 256;
export const SLOW_POINT_COST = 8;
export const HISTOGRAM_POINT_COST = 64;

/** The work that is left to do before the next step of a generator. */
export class StepBudget {
  left = FAST_POINTS_PER_STEP;

  /** True when the step is over. The budget of the next step has begun then. */
  consume(points: number): boolean {
    this.left -= points;
    if (this.left > 0) return false;
    this.left = FAST_POINTS_PER_STEP;
    return true;
  }
}
