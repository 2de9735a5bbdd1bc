// The shortest decimal of a double, as its digits: what String(number) finds, without making a string. Exact
// arithmetic on pairs of doubles (Dekker) proves most results; what it cannot prove is declined.

import { POWERS_OF_TEN } from './digits.js';
import { roundHalfUp } from './rounding.js';

/** 2^27 + 1 cuts a double in two halves (Veltkamp). */
const CUTTER = 134_217_729;

/** POWERS_OF_TEN in two halves of at most 26 bits. */
const POWERS_HIGH = POWERS_OF_TEN.map((power) => highHalf(power));
const POWERS_LOW = POWERS_OF_TEN.map((power, exponent) => power - POWERS_HIGH[exponent]!);

/** Half the distance of two neighbours among doubles of the exponents -20 to 49, which are those from 1e-6 to 1e15. */
const LEAST_EXPONENT = -20;
const HALF_ULPS: readonly number[] = Array.from(
  { length: 70 },
  (_, index) => 2 ** (LEAST_EXPONENT + index - 53),
);

const TEN_17 = 1e17;
const TEN_8 = 1e8;

/** Rounding errors of the remainder are 1e-8 at most; nearer to a limit than this, nothing is certain. */
const DOUBT = 1e-6;

function highHalf(value: number): number {
  const cut = CUTTER * value;
  return cut - (cut - value);
}

export class ShortestDecimal {
  /** The number is (high · 10^8 + low) / 10^places, with 17 digits in all; trailing zeros are still on it. */
  high = 0;
  low = 0;
  places = 0;
  /** The number to look at. */
  readonly input = new Float64Array(1);
  readonly #words = new Uint32Array(this.input.buffer);
  /** Which of the two words holds the exponent: the second where numbers are stored little end first. */
  readonly #top = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? 1 : 0;

  /**
   * Sets the digits of `input`; false when it is outside [1e-6, 1e15) or its digits are in doubt.
   *
   * @param isComputed the digits of withoutRoundingNoise(input) instead
   */
  find(isComputed: boolean): boolean {
    const value = this.input[0]!;
    if (!(value >= 1e-6 && value < 1e15)) return false;
    // Below a power of two the neighbours are nearer than above it. That makes no difference: in this range, a power of
    // two is a decimal of at most 15 digits.
    const exponent = (this.#words[this.#top]! >>> 20) - 1023;

    // value · 10^places is to be in [1e16, 1e17); the estimate is right or one too large.
    let places = 16 - Math.floor(exponent * 0.301_029_995_663_981_2);
    if (places > 22 || value * POWERS_OF_TEN[places]! >= TEN_17) places -= 1;
    const power = POWERS_OF_TEN[places]!;
    const product = value * power;
    const cut = CUTTER * value;
    const valueHigh = cut - (cut - value);
    const valueLow = value - valueHigh;
    const powerHigh = POWERS_HIGH[places]!;
    const powerLow = POWERS_LOW[places]!;
    const error =
      valueLow * powerLow - (product - valueHigh * powerHigh - valueLow * powerHigh - valueHigh * powerLow);

    // Every decimal nearer than this reads back as the value; a product with a power of two is exact.
    const reach = HALF_ULPS[exponent - LEAST_EXPONENT]! * power;
    let high = Math.floor(product / TEN_8);
    let rest = product - high * TEN_8 + error;
    // The quotient was rounded, too.
    if (rest < 0) {
      high -= 1;
      rest += TEN_8;
    }
    // The coarsest rounding that is near enough gives the fewest digits.
    let low = roundHalfUp(rest);
    if (Math.abs(Math.abs(rest - low) - 0.5) < DOUBT) return false;
    for (let unit = 10; unit <= TEN_8; unit *= 10) {
      const rounded = roundHalfUp(rest / unit) * unit;
      const distance = Math.abs(rest - rounded);
      if (Math.abs(distance - reach) < DOUBT) return false;
      if (distance > reach) break;
      if (Math.abs(distance - unit / 2) < DOUBT) return false;
      low = rounded;
    }
    if (isComputed && low % 100 !== 0) {
      // The double nearest to a decimal of 15 digits is this one or the next if the decimal is nearer than 1.5 ulps.
      const rounded = roundHalfUp(rest / 100) * 100;
      const distance = Math.abs(rest - rounded);
      if (Math.abs(distance - 3 * reach) < DOUBT) return false;
      if (distance < 3 * reach) low = rounded;
    }
    if (low >= TEN_8) {
      low -= TEN_8;
      high += 1;
    }
    if (high >= 1e9) return false;
    // Integers below 2^31, so that V8 allocates no doubles.
    this.high = high | 0;
    this.low = low | 0;
    this.places = places;
    return true;
  }
}
