import { createNoopMeter } from '@opentelemetry/api';
import { describe, expect, it } from 'vitest';
import { createDistinctCounter } from '../../src/instrument.js';
import { logged, NAMESPACE } from './support/logged.js';
import { sdk } from './support/sdk.js';

describe('a distinct counter', () => {
  const lines = logged();

  it('is a counter in a unit that names the attribute of the values', async () => {
    const { meter, points } = sdk();
    const visitors = createDistinctCounter(meter, 'visitors', { attribute: 'user.id' });
    visitors.add('42');
    visitors.add('42');
    visitors.add(7, { country: 'fi' });
    visitors.add(true);
    expect(await points()).toEqual([
      [
        'visitors',
        '{distinct:user.id}',
        [
          [{ 'user.id': '42' }, 2],
          [{ 'user.id': 7, country: 'fi' }, 1],
          [{ 'user.id': true }, 1],
        ],
      ],
    ]);
  });

  it('has a description if one is given', () => {
    const created: unknown[] = [];
    const meter = {
      createCounter: (...args: unknown[]) => {
        created.push(args);
        return { add() {} };
      },
    };
    createDistinctCounter(meter, 'plain');
    createDistinctCounter(meter, 'described', { description: 'Users' });
    expect(created).toStrictEqual([
      ['plain', { unit: '{distinct:value}' }],
      ['described', { unit: '{distinct:value}', description: 'Users' }],
    ]);
  });

  it('takes a null of JavaScript code for no attributes', async () => {
    const { meter, points } = sdk();
    createDistinctCounter(meter, 'visitors').add('a', null as never);
    expect({ lines, points: await points() }).toEqual({
      lines: [],
      points: [['visitors', '{distinct:value}', [[{ value: 'a' }, 1]]]],
    });
  });

  it('has an attribute of its own by default, which other attributes do not replace', async () => {
    const { meter, points } = sdk();
    createDistinctCounter(meter, 'visitors').add('a', { value: 'b' });
    expect(await points()).toEqual([['visitors', '{distinct:value}', [[{ value: 'a' }, 1]]]]);
  });

  it('ignores what is no value, with one warning', async () => {
    const { meter, points } = sdk();
    const visitors = createDistinctCounter(meter, 'visitors');
    for (const value of ['', Number.NaN, undefined, null, {}]) visitors.add(value as never);
    expect({ lines, points: await points() }).toEqual({
      lines: [
        [
          NAMESPACE,
          'a distinct value must be a text that is not empty, a finite number or a boolean; it is ignored',
        ],
      ],
      points: [],
    });
  });

  it('records nothing without an SDK', () => {
    expect(createDistinctCounter(createNoopMeter(), 'visitors').add('a')).toBeUndefined();
  });
});
