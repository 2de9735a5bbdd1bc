// Conversion from the unit of an instrument to that of its lines.

import { withoutRoundingNoise } from './rounding-noise.js';

export interface UnitScale {
  readonly factor: number;
  /** The decimal that a finite `value` prints as, converted: 0.022399 s are 22.399 ms, where a product is 22.398999999999997. */
  of(value: number): number;
  /** The same several times faster and an ulp off at most, for bounds that are no decimals. */
  ofBound(value: number): number;
}

/** Both conversions are monotone, so bounds, min and max keep their order. */
export function unitScale(factor: number): UnitScale {
  if (factor === 1) return { factor, of: (value) => value, ofBound: (value) => value };
  const power = Math.round(Math.log10(factor));
  const isDecimal = Number(`1e${power}`) === factor;
  const ofBound = (value: number): number => value * factor;
  return {
    factor,
    of: (value) => (isDecimal ? shiftPoint(value, power) : withoutRoundingNoise(ofBound(value))),
    ofBound,
  };
}

/** Moves the decimal point, by the text: every other way rounds twice. */
function shiftPoint(value: number, places: number): number {
  const [digits, exponent = '0'] = String(value).split('e');
  return Number(`${digits}e${Number(exponent) + places}`);
}

/** An infinite bound means an open end, so the conversion must not make a finite bound infinite. */
export function scaledBound(bound: number, convert: (value: number) => number): number {
  if (!Number.isFinite(bound)) return bound;
  return Math.max(-Number.MAX_VALUE, Math.min(convert(bound), Number.MAX_VALUE));
}
