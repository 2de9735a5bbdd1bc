// One number out of the gauges of several processes. Nobody but the app knows what its gauge means over processes: a
// sum (memory), the worst (event loop delay), any (a setting). Without a word from it each process keeps its own,
// which is right for all of them and hides nothing.

import type { MetricData } from '@opentelemetry/sdk-metrics';
import { NameTable } from '../../mapping/naming/name-table.js';

/**
 * `sum`, `max`, `min`, `avg`: over the live workers. `last`: the one measured last. `perWorker`: a series for each,
 * told apart by an attribute.
 */
export type GaugeRule = 'sum' | 'max' | 'min' | 'avg' | 'last' | 'perWorker';

export const GAUGE_RULES: readonly GaugeRule[] = ['sum', 'max', 'min', 'avg', 'last', 'perWorker'];

/** What a rule of one's own gets to know of a gauge. */
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

/** Answers the rule of any gauge; a function that throws or answers nonsense gets the default. */
export function gaugeRuleOf(rules: GaugeRules = DEFAULT_RULE): (gauge: GaugeInfo) => GaugeRule {
  if (typeof rules === 'string') return () => rules;
  if (typeof rules === 'function') return (gauge) => askedRule(rules, gauge);
  const table = new NameTable(rules);
  return ({ name }) => table.find(name) ?? DEFAULT_RULE;
}

function askedRule(ask: (gauge: GaugeInfo) => GaugeRule | undefined, gauge: GaugeInfo): GaugeRule {
  try {
    const rule: unknown = ask(gauge);
    return isGaugeRule(rule) ? rule : DEFAULT_RULE;
  } catch {
    return DEFAULT_RULE;
  }
}

/** Numbers of live workers, at least one, the one measured last at the end. */
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
