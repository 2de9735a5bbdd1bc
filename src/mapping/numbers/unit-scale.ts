// Conversion from the unit of an instrument to that of its lines.

export interface UnitScale {
  readonly factor: number;
  of(value: number): number;
}

/**
 * Divides where the factor is the inverse of an integer: 1e-6 has no exact double but 1e6 has, so `value / 1e6` is
 * correctly rounded and `value * 1e-6` is not. Both are monotone, so bounds, min and max keep their order.
 */
export function unitScale(factor: number): UnitScale {
  if (factor === 1) return { factor, of: (value) => value };
  const divisor = Math.round(1 / factor);
  // 1 / 1e-9 is not quite 1e9.
  if (factor < 1 && 1 / divisor === factor) return { factor, of: (value) => value / divisor };
  return { factor, of: (value) => value * factor };
}

/** An infinite bound means an open end, so the conversion must not make a finite bound infinite. */
export function scaledBound(bound: number, scale: UnitScale): number {
  if (!Number.isFinite(bound)) return bound;
  return Math.max(-Number.MAX_VALUE, Math.min(scale.of(bound), Number.MAX_VALUE));
}
