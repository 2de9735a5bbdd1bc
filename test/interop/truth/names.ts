// The names of the app's histograms, for servers that have to know them in advance.

export const ATTEMPTS = 4;

/** Counts whose rates lose one when they are cut to a whole weight, and one that netdata would clip. */
export const sameCounts = [93, 99, 105, 117, 150, 10_000] as const;

const histograms = [
  'few',
  'secs',
  'bytes',
  'below',
  'many',
  'sizes',
  'steady',
  'crowd',
  ...sameCounts.map((count) => `same${count}x`),
];

/** With the prefix of every run. */
export const histogramSeries: readonly string[] = ['u', 't'].flatMap((protocol) =>
  Array.from({ length: ATTEMPTS }, (_, attempt) => `${protocol}${attempt + 1}`).flatMap((prefix) =>
    histograms.map((name) => `${prefix}.${name}`),
  ),
);
