// Decides by measuring whether the hot loop looks at the next points before it writes them; see README.md.

/** How many points the loop looks at in a row. */
const AHEAD_POINTS = 8;

/** Fewer points in each half take about as long as a disturbance. */
const MIN_HALF_POINTS = 64;

/** Trials that have to be won by one way before it is trusted. */
const SURE_WINS = 4;

/** A trial takes half of its points the slower way, so they become rare: a hundredth of all points and fewer. */
const RUNS_BETWEEN_TRIALS = { unsure: 4, sure: 32 };

/**
 * Attributes that lie scattered in memory, outside of the processor's caches, are written in two thirds of the time if
 * several are looked at together. Those that lie in the order of the points take a tenth longer: the processor fetches
 * them by itself.
 */
export class ReadAhead {
  /** How many points to look at together; 0 for none. */
  points = AHEAD_POINTS;
  readonly #now: () => number;
  /** Trials won by reading ahead, less those lost; from -SURE_WINS to SURE_WINS. */
  #wins = 0;
  #runs = 0;
  #isAheadFirst = false;

  /** `now`: milliseconds that never jump back. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Whether a run of the loop should be a trial. To be called once for each run. */
  isTrialDue(points: number): boolean {
    if (points < 2 * MIN_HALF_POINTS) return false;
    this.#runs += 1;
    const isSure = Math.abs(this.#wins) === SURE_WINS;
    if (this.#runs < RUNS_BETWEEN_TRIALS[isSure ? 'sure' : 'unsure']) return false;
    this.#runs = 0;
    return true;
  }

  /** Writes the points of one run in two halves, one of each way. `write` answers whether it wrote all up to `to`. */
  tryBoth(from: number, to: number, write: (to: number, ahead: number) => boolean): void {
    const middle = (from + to) >> 1;
    // Taken in turn, because the second half is at an advantage.
    this.#isAheadFirst = !this.#isAheadFirst;
    const [first, second] = this.#isAheadFirst ? [AHEAD_POINTS, 0] : [0, AHEAD_POINTS];
    const startedAt = this.#now();
    if (!write(middle, first)) return;
    const halfAt = this.#now();
    if (!write(to, second)) return;
    const firstMillis = halfAt - startedAt;
    const secondMillis = this.#now() - halfAt;
    if (firstMillis === secondMillis) return;
    const won = firstMillis < secondMillis === this.#isAheadFirst ? 1 : -1;
    this.#wins = Math.max(-SURE_WINS, Math.min(SURE_WINS, this.#wins + won));
    this.points = this.#wins < 0 ? 0 : AHEAD_POINTS;
  }
}
