// A row of bars, each one character high.

const BARS = '▁▂▃▄▅▆▇█';

/** The last `width` values between `floor` (or the smallest of them) and the largest; a gap for NaN. */
export function sparkline(values: readonly number[], width: number, floor?: number): string {
  const shown = values.slice(-width);
  const finite = shown.filter(Number.isFinite);
  if (finite.length === 0) return '';
  const low = Math.min(...finite, floor ?? Infinity);
  const range = Math.max(...finite) - low;
  return shown
    .map((value) => {
      if (!Number.isFinite(value)) return ' ';
      // A constant is drawn low.
      const share = range === 0 ? 0 : (value - low) / range;
      return BARS[Math.round(share * (BARS.length - 1))];
    })
    .join('');
}
