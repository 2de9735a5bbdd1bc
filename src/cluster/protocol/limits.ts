// Limits of one message. The worker splits its batches to stay below them. The aggregator checks them first, so that no
// message blocks it for more than some 20 milliseconds.

/** Bytes of a message as JSON. A batch of 500 counters has about 15 KB. */
export const MAX_MESSAGE_BYTES = 2 ** 20;

/** Nesting of a message as JSON. Bucket counts of a histogram are at depth 10. */
export const MAX_MESSAGE_DEPTH = 12;

/** Items of all lists in a batch: attributes, times, values, bucket counts, and places of attributes and times. */
export const MAX_BATCH_ITEMS = 25_000;

/** Commas and opening brackets of a message as JSON: two at most for each item of a list. */
export const MAX_MESSAGE_TOKENS = 2 * MAX_BATCH_ITEMS;

/** Properties of all objects of a message as JSON. A metric of its own scope has 12, and a batch 500 metrics at most. */
export const MAX_MESSAGE_PROPERTIES = 10_000;

/** Scopes, metrics and data points of a batch together. A worker sends 500 of each at most. */
export const MAX_BATCH_PARTS = 2_000;

/**
 * Characters of the attributes of all points of a batch, as texts. Points that have an attribute in common refer to one, but
 * what is made of each has its text.
 */
export const MAX_ATTRIBUTE_CHARACTERS = 2 ** 20;

/** Attributes of a data point or resource; those of a point are sorted. */
export const MAX_ATTRIBUTES = 1_000;

/**
 * Buckets of an exponential histogram on each side of zero; the SDK has 160 unless told otherwise. Merging costs as much as
 * the buckets that wait, whatever the size of the message. The worker lowers the scale of larger histograms.
 */
export const MAX_EXPONENTIAL_BUCKETS = 1_024;

/** Attributes of a resource. One worker has some forty, and those of all workers are compared. */
export const MAX_RESOURCE_ATTRIBUTES = 200;
