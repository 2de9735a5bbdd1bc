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

test('a single rule applies to every gauge', () => {
  expect(rulesOf('max', ['a', 'b'])).toEqual(['max', 'max']);
});

test('an exact name takes precedence over globs, and the first matching glob over later ones', () => {
  const rules = { 'memory.*': 'sum', '*.heap': 'max', 'memory.heap': 'avg', 'a+b': 'min' } as const;
  const names = ['memory.heap', 'memory.rss', 'x.heap', 'memory', 'a+b', 'aab', 'constructor'];
  expect(rulesOf(rules, names)).toEqual(['avg', 'sum', 'max', 'perWorker', 'min', 'perWorker', 'perWorker']);
});

test('a function selects the rule, and undefined means perWorker', () => {
  const rules: GaugeRules = ({ name }) => {
    if (name === 'bad') throw new Error('no');
    return name === 'a' ? 'last' : undefined;
  };
  expect(rulesOf(rules, ['a', 'b', 'bad'])).toEqual(['last', 'perWorker', 'perWorker']);
});
