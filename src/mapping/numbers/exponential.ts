/** Below this, e^x is 1 + x, and above the other, fdlibm takes powers of two out of it first. */
const LEAST = 2 ** -28;
const HALF_LN2 = 0.346_573_590_279_972_6;

/**
 * Math.exp for the small widths of exponential buckets, where it takes a third of the time: no call out of compiled code.
 * The same operations as fdlibm's e_exp.c, which V8 uses, so that the results are equal.
 */
export function exponential(x: number): number {
  if (!(x >= LEAST && x < HALF_LN2)) return Math.exp(x);
  const square = x * x;
  const c =
    x -
    square *
      (0.166_666_666_666_666_02 +
        square *
          (-0.002_777_777_777_701_559_3 +
            square *
              (6.613_756_321_437_934e-5 +
                square * (-1.653_390_220_546_525_2e-6 + square * 4.138_136_797_057_238_5e-8))));
  return 1 - ((x * c) / (c - 2) - x);
}
