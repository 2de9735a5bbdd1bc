import { expect, test } from 'vitest';
import { dialects } from '../../../src/mapping/dialects/index.js';
import { stampOf } from '../../../src/mapping/lines/timestamp.js';
import type { Instant } from '../../../src/mapping/state/instant.js';

const { statsd, dogstatsd, carbon } = dialects;
const AT: Instant = [1_700_000_010, 999_999_999];

test.each([
  ['statsd knows no time, asked or not', statsd, true, AT, undefined],
  ['Datadog gets none unless asked', dogstatsd, false, AT, undefined],
  ['Datadog gets whole seconds', dogstatsd, true, AT, { text: '|T1700000010', second: 1_700_000_010 }],
  ['Datadog gets the first second that it takes', dogstatsd, true, [1, 0], { text: '|T1', second: 1 }],
  ['carbon gets a second without its fraction', carbon, false, [1.9, 0], { text: ' 1', second: 1 }],
  ['Datadog gets no time that makes it drop the line', dogstatsd, true, [0, 5], undefined],
  ['carbon gets the time always', carbon, false, AT, { text: ' 1700000010', second: 1_700_000_010 }],
  [
    'carbon takes the time of arrival for an unknown one',
    carbon,
    false,
    [0, 0],
    { text: ' -1', second: undefined },
  ],
  ['no time is no number', carbon, false, [Number.NaN, 0], { text: ' -1', second: undefined }],
] as const)('%s', (_case, dialect, timestamps, endTime, stamp) => {
  expect(stampOf(endTime, { dialect, timestamps })).toEqual(stamp);
});
