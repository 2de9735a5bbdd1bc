// Combines the gauges of several processes into one. Only the app knows what its gauge means over processes: a sum
// (memory), the worst (event loop delay), any (a setting). By default each process keeps its own series, which is
// correct for every gauge.

import type { MetricData } from '@opentelemetry/sdk-metrics';
import { NameTable } from '../../mapping/naming/name-table.js';

/**
 * `sum`, `max`, `min`, `avg`: over the live workers. `last`: the most recent value. `perWorker`: a series for each
 * worker, distinguished by an attribute.
 */
export type GaugeRule = 'sum' | 'max' | 'min' | 'avg' | 'last' | 'perWorker';

export const GAUGE_RULES: readonly GaugeRule[] = ['sum', 'max', 'min', 'avg', 'last', 'perWorker'];

/** The argument of a rule given as a function. */
export interface GaugeInfo {
  readonly name: string;
  readonly unit: string;
  readonly description: string;
  readonly scope: string;
}

/** One rule for all, by metric name or glob (`*` stands for any text), or by a function. */
export type GaugeRules =
  | GaugeRule
  | Readonly<Record<string, GaugeRule>>
  | ((gauge: GaugeInfo) => GaugeRule | undefined);

const DEFAULT_RULE: GaugeRule = 'perWorker';

export function isGaugeRule(value: unknown): value is GaugeRule {
  return GAUGE_RULES.some((rule) => rule === value);
}

/** Returns the rule of a gauge; the default when the function throws or returns no rule. */
export function gaugeRuleOf(rules: GaugeRules = DEFAULT_RULE): (gauge: GaugeInfo) => GaugeRule {
  if (typeof rules === 'string') return () => rules;
  if (typeof rules === 'function') return (gauge) => ruleFromFunction(rules, gauge);
  const table = new NameTable(rules);
  return ({ name }) => table.find(name) ?? DEFAULT_RULE;
}

function ruleFromFunction(getRule: (gauge: GaugeInfo) => GaugeRule | undefined, gauge: GaugeInfo): GaugeRule {
  try {
    const rule: unknown = getRule(gauge);
    return isGaugeRule(rule) ? rule : DEFAULT_RULE;
  } catch {
    return DEFAULT_RULE;
  }
}

/** `values` of the live workers: at least one, the most recent last. */
export function combine(rule: Exclude<GaugeRule, 'perWorker'>, values: readonly number[]): number {
  switch (rule) {
    case 'sum':
      return sum(values);
    case 'avg':
      return sum(values) / values.length;
    case 'max':
      return values.reduce((a, b) => Math.max(a, b));
    case 'min':
      return values.reduce((a, b) => Math.min(a, b));
    case 'last':
      return values.at(-1)!;
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}

export function gaugeInfo(scope: string, { name, unit, description }: MetricData['descriptor']): GaugeInfo {
  return { name, unit, description, scope };
}
