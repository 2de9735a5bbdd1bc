import { describe, expect, it } from 'vitest';
import { dialectNamed, positiveNumber, readArguments } from '../../../src/cli/shared/arguments.js';
import { UsageError } from '../../../src/cli/shared/io.js';
import { dialects } from '../../../src/mapping/dialects/index.js';

const read = (args: readonly string[], maxPositionals = 1) =>
  readArguments(
    args,
    { endpoint: { type: 'string', short: 'e' }, json: { type: 'boolean', default: false } },
    maxPositionals,
  );

describe('readArguments', () => {
  it('has the values of options and the other words', () => {
    const { values, positionals } = read(['a', '-e', 'b', '--', '-x'], 2);
    expect([{ ...values }, positionals]).toEqual([{ endpoint: 'b', json: false }, ['a', '-x']]);
  });

  it.each<[string[], string]>([
    [['a', 'b', 'c'], 'there is one argument too many: b'],
    [['--zzz=1'], 'there is no option --zzz'],
    [['--jsn'], 'there is no option --jsn (did you mean "--json"?)'],
    [['-xy'], 'there is no option -xy'],
    [['-e', 'b', '-x=1'], 'there is no option -x'],
    [['-e'], "Option '-e, --endpoint <value>' argument missing"],
    [['-e', '-x'], "Option '-e' argument is ambiguous"],
    [['--json=1'], "Option '--json' does not take an argument"],
  ])('rejects %j', (args, message) => {
    expect(() => read(args)).toThrow(new UsageError(message));
  });
});

describe('dialectNamed', () => {
  it('finds a dialect in any case of letters', () => {
    expect(dialectNamed('DogStatsD')).toBe(dialects.dogstatsd);
  });

  it('lists the dialects for an unknown name', () => {
    const list = `\nThe dialects are ${Object.keys(dialects).join(', ')}.`;
    expect(() => dialectNamed('Telegraph')).toThrow(
      new UsageError(`there is no dialect "Telegraph" (did you mean "telegraf"?)${list}`),
    );
    expect(() => dialectNamed('zzzzzz')).toThrow(new UsageError(`there is no dialect "zzzzzz"${list}`));
  });
});

describe('positiveNumber', () => {
  it.each<[string | undefined, number | undefined]>([
    [undefined, undefined],
    ['1', 1],
    ['0.25', 0.25],
    ['12.5', 12.5],
    ['007', 7],
  ])('reads %j as %j', (text, value) => {
    expect(positiveNumber('seconds', text, { whole: false })).toBe(value);
  });

  it.each(['', '0', '0.0', '-1', '1.', '.5', '1e3', '1x', 'x1', '1.5x', 'Infinity', ' 1'])(
    'rejects %j',
    (text) => {
      expect(() => positiveNumber('seconds', text, { whole: false })).toThrow(
        new UsageError(`--seconds takes a number above 0, not "${text}"`),
      );
    },
  );

  it.each(['1.5', '9007199254740992', '0'])('rejects %j where whole numbers are wanted', (text) => {
    expect(() => positiveNumber('seconds', text, { whole: true })).toThrow(
      new UsageError(`--seconds takes a whole number above 0, not "${text}"`),
    );
  });

  it('takes whole numbers up to the largest exact one', () => {
    expect(['1', '9007199254740991'].map((text) => positiveNumber('n', text, { whole: true }))).toEqual([
      1,
      Number.MAX_SAFE_INTEGER,
    ]);
  });
});
