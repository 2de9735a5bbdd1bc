// Conversion from the unit of an instrument to that of its lines.

import { POWERS_OF_TEN } from './digits.js';
import { roundHalfUp } from './rounding.js';
import { withoutRoundingNoise } from './rounding-noise.js';

export interface UnitScale {
  readonly factor: number;
  /** The decimal that a finite `value` prints as, converted: 0.022399 s are 22.399 ms, where a product is 22.398999999999997. */
  of(value: number): number;
  /** The same several times faster and an ulp off at most, for bounds that are no decimals. */
  ofBound(value: number): number;
}

const UNSCALED: UnitScale = { factor: 1, of: (value) => value, ofBound: (value) => value };

/** Both conversions are monotone, so bounds, min and max keep their order. */
export function unitScale(factor: number): UnitScale {
  if (factor === 1) return UNSCALED;
  const power = Math.round(Math.log10(factor));
  const isDecimal = Number(`1e${power}`) === factor;
  const ofBound = (value: number): number => value * factor;
  return {
    factor,
    of: (value) => (isDecimal ? shiftPoint(value, power) : withoutRoundingNoise(ofBound(value))),
    ofBound,
  };
}

/** A decimal of up to 15 digits is what its nearest double prints as. */
const DIGITS_END = 1e15;
const MILLION = 1e6;

/**
 * Moves the decimal point. Of a decimal with few digits by one quotient of exact numbers, which rounds once, of others by
 * the text: every other way rounds twice.
 */
function shiftPoint(value: number, places: number): number {
  const millionths = roundHalfUp(value * MILLION);
  const power = POWERS_OF_TEN[6 - places];
  if (power !== undefined && Math.abs(millionths) < DIGITS_END && millionths / MILLION === value) {
    return millionths / power;
  }
  const [digits, exponent = '0'] = String(value).split('e');
  return Number(`${digits}e${Number(exponent) + places}`);
}

/** An infinite bound means an open end, so the conversion must not make a finite bound infinite. */
export function scaledBound(bound: number, convert: (value: number) => number): number {
  if (!Number.isFinite(bound)) return bound;
  return Math.max(-Number.MAX_VALUE, Math.min(convert(bound), Number.MAX_VALUE));
}
