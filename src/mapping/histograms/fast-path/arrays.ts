// The memory of the fast path. Constants of the module, because V8 writes the address and the length of a constant array
// into compiled code: an access takes half as long as to an array of an object. All mappers share them: a point is mapped
// from its counts to its last line without a call of anything that could map another one.

/** Points with more filled buckets or more samples take the slow path. */
export const MAX_BINS = 512;
export const MAX_SAMPLES = 256;

const numbers = (length: number): Float64Array => new Float64Array(length);

/** The filled buckets, as in `Bins`. */
export const LOW = numbers(MAX_BINS + 1);
export const HIGH = numbers(MAX_BINS + 1);
export const LOG_WIDTH = numbers(MAX_BINS + 1);
/** The rank at which each begins, and an infinite one behind the last; its observations that have a rank. */
export const BEGIN = numbers(MAX_BINS + 1);
export const SIZE = numbers(MAX_BINS + 1);

/** The samples, as in `SampleSet`; `ENDS` has the observation behind the last of each. */
export const VALUES = numbers(MAX_SAMPLES + 1);
export const WEIGHTS = numbers(MAX_SAMPLES + 1);
export const ENDS = numbers(MAX_SAMPLES + 1);
/** The bin of each sample's rank. */
export const BIN = new Int32Array(MAX_SAMPLES + 1);

/** A rounded sample as an integer of seven digits, or `ALL_DIGITS`, and how many of them precede the decimal point. */
export const DIGITS = new Int32Array(MAX_SAMPLES + 1);
export const WHOLE_DIGITS = new Int32Array(MAX_SAMPLES + 1);
/** Instead of seven digits of a number that has more of them, or that is very small or large. */
export const ALL_DIGITS = -1;
