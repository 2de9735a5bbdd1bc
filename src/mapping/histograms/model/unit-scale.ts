// From the unit of an instrument to that of its lines.

export interface Scaling {
  readonly factor: number;
  of(value: number): number;
}

/**
 * A factor such as 1e-6 has no exact double, while its inverse has: dividing keeps decimals that multiplying
 * would blur. Both are monotone, so bounds, min and max keep their order.
 */
export function scaling(factor: number): Scaling {
  if (factor === 1) return { factor, of: (value) => value };
  const divisor = 1 / factor;
  if (factor < 1 && Number.isInteger(divisor)) return { factor, of: (value) => value / divisor };
  return { factor, of: (value) => value * factor };
}

/** An infinite bound means an open end, so a finite one must not become infinite by the unit conversion. */
export function scaledBound(bound: number, scale: Scaling): number {
  if (!Number.isFinite(bound)) return bound;
  return Math.max(-Number.MAX_VALUE, Math.min(scale.of(bound), Number.MAX_VALUE));
}
