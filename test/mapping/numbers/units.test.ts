import { describe, expect, it, test } from 'vitest';
import { unitScale } from '../../../src/mapping/numbers/unit-scale.js';
import { isTimeUnit, timeFactor } from '../../../src/mapping/numbers/units.js';

describe.each([
  [['ns', 'nanoseconds', 'nsec'], 1e-6],
  [['us', '\u00b5s', '\u03bcs', 'microseconds', 'usec'], 1e-3],
  [['ms', 'milliseconds', 'millisecond', 'Millis', 'msec'], 1],
  [['s', 'seconds', 'Second', 'sec', 'SECS'], 1000],
  [['min', 'minutes', 'mins'], 60_000],
  [['h', 'hours', 'hr'], 3_600_000],
  [['d', 'days'], 86_400_000],
])('the units %j', (units, milliseconds) => {
  it.each(units)('%s: the factors to milliseconds and seconds are as defined', (unit) => {
    const { of: toSeconds } = unitScale(timeFactor(unit, 's'));
    expect({
      isTimeUnit: isTimeUnit(unit),
      timeFactor: timeFactor(unit, 'ms'),
      toSeconds: toSeconds(1e9),
    }).toEqual({ isTimeUnit: true, timeFactor: milliseconds, toSeconds: milliseconds * 1e6 });
  });

  it.each(units)('%s: the factor to the unit of the instrument is 1', (unit) => {
    expect(timeFactor(unit, 'instrument')).toBe(1);
  });
});

test.each(['', '1', 'By', '{request}', '{second}', 'S', 'MS', 'D', 'By/s', '%', '__proto__', 'constructor'])(
  'the unit %j is no unit of time',
  (unit) => {
    expect([isTimeUnit(unit), timeFactor(unit, 'ms'), timeFactor(unit, 's')]).toEqual([false, 1, 1]);
  },
);
