import { expect, test } from 'vitest';
import { type GaugeRules, gaugeRuleOf } from '../../../src/cluster/aggregator/gauge-rules.js';

const named = (name: string) => ({ name, unit: '', description: '', scope: 's' });
const rulesOf = (rules: GaugeRules | undefined, names: readonly string[]) => {
  const ruleOf = gaugeRuleOf(rules);
  return names.map((name) => ruleOf(named(name)));
};

test('without rules every gauge stays per worker', () => {
  expect(rulesOf(undefined, ['a'])).toEqual(['perWorker']);
});

test('one rule serves all', () => {
  expect(rulesOf('max', ['a', 'b'])).toEqual(['max', 'max']);
});

test('an exact name beats every glob, and among globs the first counts', () => {
  const rules = { 'memory.*': 'sum', '*.heap': 'max', 'memory.heap': 'avg', 'a+b': 'min' } as const;
  const names = ['memory.heap', 'memory.rss', 'x.heap', 'memory', 'a+b', 'aab', 'constructor'];
  expect(rulesOf(rules, names)).toEqual(['avg', 'sum', 'max', 'perWorker', 'min', 'perWorker', 'perWorker']);
});

test('a function decides, and what it does not decide stays per worker', () => {
  const rules: GaugeRules = ({ name }) => {
    if (name === 'bad') throw new Error('no');
    return name === 'a' ? 'last' : undefined;
  };
  expect(rulesOf(rules, ['a', 'b', 'bad'])).toEqual(['last', 'perWorker', 'perWorker']);
});
