// Short forms of numbers, exact where the number is short.

const UNITS: readonly (readonly [number, string])[] = [
  [1e12, 'T'],
  [1e9, 'G'],
  [1e6, 'M'],
];

/** Made once: to make one takes longer than to format a thousand numbers. */
const WHOLE = new Intl.NumberFormat('en-US');
const FOUR_DIGITS = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 4 });
const ONE_DECIMAL = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 });
const TWO_DECIMALS = new Intl.NumberFormat('en-US', { maximumFractionDigits: 2 });

/** `1,234`, `0.25`, `12.35M`: four significant digits of fractions; at most some nine characters. */
export function shortNumber(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e15) return value.toExponential(2);
  const unit = UNITS.find(([least]) => size >= least);
  if (unit !== undefined) return `${trimZeros((value / unit[0]).toFixed(2))}${unit[1]}`;
  if (size !== 0 && size < 0.001) return value.toExponential(1);
  if (size >= 1000) return WHOLE.format(Math.round(value));
  return FOUR_DIGITS.format(value);
}

/** Per second; less than once in a hundred seconds is shown as 0. */
export function shortRate(perSecond: number): string {
  if (Math.abs(perSecond) >= 1000) return shortNumber(perSecond);
  return (perSecond >= 10 ? ONE_DECIMAL : TWO_DECIMALS).format(perSecond);
}

/** `0:07`, `12:34`, `1:02:03`. */
export function duration(millis: number): string {
  const seconds = Math.floor(millis / 1000);
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const end = `${String(minutes).padStart(hours > 0 ? 2 : 1, '0')}:${String(seconds % 60).padStart(2, '0')}`;
  return hours > 0 ? `${hours}:${end}` : end;
}

function trimZeros(text: string): string {
  return text.replace(/\.?0+$/, '');
}
