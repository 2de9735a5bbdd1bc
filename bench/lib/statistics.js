// Medians, and how figures are written.

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 === 1 ? sorted[Math.floor(middle)] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Three digits, more only before the decimal point; thousands are set apart. */
export function figure(value) {
  if (!Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  const decimals = size >= 100 || size === 0 ? 0 : size >= 10 ? 1 : 2;
  return value.toLocaleString('en-GB', { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
}

/** A whole number. */
export function count(value) {
  return value.toLocaleString('en-GB', { maximumFractionDigits: 0 });
}

export function times(ratio) {
  return Number.isFinite(ratio) ? `${figure(ratio)} ×` : '–';
}

/** The smallest and the largest, to show how far runs differ. */
export function spread(values) {
  return `${figure(Math.min(...values))}…${figure(Math.max(...values))}`;
}

export function megabytes(bytes) {
  return figure(bytes / 2 ** 20);
}
