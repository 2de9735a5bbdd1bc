import { expect, it } from 'vitest';
import { dialects } from '../../../src/mapping/dialects/index.js';
import { lineSyntaxOf } from '../../../src/mapping/lines/line-syntax.js';

it('has the tags of DogStatsD after the type', () => {
  expect(lineSyntaxOf(dialects.dogstatsd)).toEqual({
    tagPlace: 'end',
    beforeTags: '|#',
    assign: ':',
    separator: ',',
    afterTags: '',
    beforeNumber: ':',
    afterNumber: { counter: '|c', gauge: '|g', timer: '|d', histogram: '|d' },
    beforeRate: '|@',
    beforeSecond: '|T',
  });
});

it('has the tags of carbon in the path, and no types', () => {
  expect(lineSyntaxOf(dialects.carbon)).toEqual({
    tagPlace: 'name',
    beforeTags: ';',
    assign: '=',
    separator: ';',
    afterTags: '',
    beforeNumber: ' ',
    afterNumber: { counter: '', gauge: '', timer: '', histogram: '' },
    beforeRate: '|@',
    beforeSecond: ' ',
  });
});

it('has tags at the end in the path where lines have no types, and folded ones in the name', () => {
  const places = [dialects.dogstatsd, dialects.statsd, dialects.graphite].map(
    ({ tags }) => lineSyntaxOf({ ...dialects.carbon, tags }).tagPlace,
  );
  expect(places).toEqual(['name', 'folded', 'name']);
});

it('is made once for a record', () => {
  expect(lineSyntaxOf(dialects.statsd)).toBe(lineSyntaxOf(dialects.statsd));
});
