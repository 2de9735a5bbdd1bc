/** `[epoch seconds, nanoseconds]`, as the SDK gives times. */
export type Instant = readonly [seconds: number, nanoseconds: number];

export function sameInstant(a: Instant, b: Instant): boolean {
  return a[0] === b[0] && a[1] === b[1];
}

export function isBefore(a: Instant, b: Instant): boolean {
  return a[0] < b[0] || (a[0] === b[0] && a[1] < b[1]);
}
