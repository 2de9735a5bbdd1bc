// The memory of the fast path. Constants of the module, because V8 writes the address and the length of a constant array
// into compiled code: an access takes half as long as to an array of an object. All mappers share them: a point is mapped
// from its counts to its last line without a call of anything that could map another one.

/** Points with more buckets or samples take the slow path. */
export const MAX_BUCKETS = 512;
export const MAX_SAMPLES = 256;

const numbers = (length: number): Float64Array => new Float64Array(length);

/** Bucket i reaches from edge i to edge i + 1; the outermost filled ones from min and to max. */
export const EDGES = numbers(MAX_BUCKETS + 1);
/** As in `Bins`. */
export const LOG_WIDTHS = numbers(MAX_BUCKETS + 1);
/** The rank at which each bucket begins, and where the last one ends. */
export const BEGINS = numbers(MAX_BUCKETS + 1);

/** The samples, as in `SampleSet`; `ENDS` has the observation behind the last of each. */
export const VALUES = numbers(MAX_SAMPLES + 1);
export const WEIGHTS = numbers(MAX_SAMPLES + 1);
export const ENDS = numbers(MAX_SAMPLES + 1);
/** The rank of each sample, and the bucket that holds it. */
export const RANKS = numbers(MAX_SAMPLES + 1);
export const BUCKETS = new Int32Array(MAX_SAMPLES + 1);

/** A rounded sample as an integer of seven digits, or `ALL_DIGITS`, and how many of them precede the decimal point. */
export const DIGITS = new Int32Array(MAX_SAMPLES + 1);
export const WHOLE_DIGITS = new Int32Array(MAX_SAMPLES + 1);
/** Instead of seven digits of a number that has more of them, or that is very small or large. */
export const ALL_DIGITS = -1;
