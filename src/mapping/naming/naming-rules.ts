// The name of a data point: the metric's own, or the one that the user's rules give it.

import { attributeText } from '../tags/attribute-text.js';
import type { AttributeRecord } from '../tags/tags.js';
import { NameTable } from './name-table.js';
import { asSegment, fillTemplate, parseTemplate, type Template } from './templates.js';

/** The metric that a naming function is asked to name. */
export interface NamedMetric {
  readonly name: string;
  readonly unit: string;
  readonly description: string;
  readonly scope: string;
}

export type NamingFunction = (metric: NamedMetric, attributes: AttributeRecord) => string;

/** One function for all metrics, or metric name or glob (`*` stands for any text) to template or function. */
export type NamingRules = NamingFunction | Readonly<Record<string, string | NamingFunction>>;

export interface PointName {
  /** Not yet made legal; undefined for the metric's own. */
  readonly name: string | undefined;
  /** What is left for the tags. */
  readonly attributes: AttributeRecord;
}

/** Names the points of one metric. */
export type PointNaming = (attributes: AttributeRecord) => PointName;

type Rule = Template | NamingFunction;

export class Naming {
  readonly #ruleOf: (metricName: string) => Rule | undefined;

  constructor(rules: NamingRules | undefined) {
    this.#ruleOf = compileRules(rules);
  }

  /** False when all points of a metric go by its own name. */
  hasRule(metricName: string): boolean {
    return this.#ruleOf(metricName) !== undefined;
  }

  /** The naming of one metric. `onInvalid` is called when a naming function throws or returns no string. */
  of(metric: NamedMetric, resource: AttributeRecord, onInvalid: () => void): PointNaming {
    const rule = this.#ruleOf(metric.name);
    if (rule === undefined) return (attributes) => ({ name: undefined, attributes });
    if (typeof rule === 'function') {
      return (attributes) => ({ name: callNaming(rule, metric, attributes, onInvalid), attributes });
    }
    return (attributes) => ({
      name: fillTemplate(rule, (key) => placeholderText(key, metric, attributes, resource)),
      attributes: without(attributes, rule.keys),
    });
  }
}

function compileRules(rules: NamingRules = {}): (metricName: string) => Rule | undefined {
  if (typeof rules === 'function') return () => rules;
  const compiled = Object.entries(rules).map(([pattern, rule]): [string, Rule] => [
    pattern,
    typeof rule === 'function' ? rule : parseTemplate(rule),
  ]);
  const table = new NameTable(Object.fromEntries(compiled));
  return (metricName) => table.find(metricName);
}

function callNaming(
  naming: NamingFunction,
  metric: NamedMetric,
  attributes: AttributeRecord,
  onInvalid: () => void,
): string | undefined {
  try {
    const name: unknown = naming(metric, attributes);
    if (typeof name === 'string') return name;
  } catch {
    // Reported below, like a result that is no string.
  }
  onInvalid();
  return undefined;
}

/** `{name}` is the metric's name, dots and all; other keys are attributes of the point, then of the resource. */
function placeholderText(
  key: string,
  metric: NamedMetric,
  attributes: AttributeRecord,
  resource: AttributeRecord,
): string {
  if (Object.hasOwn(attributes, key)) return asSegment(attributeText(attributes[key]));
  if (Object.hasOwn(resource, key)) return asSegment(attributeText(resource[key]));
  return key === 'name' ? metric.name : '';
}

function without(attributes: AttributeRecord, keys: ReadonlySet<string>): AttributeRecord {
  return Object.fromEntries(Object.entries(attributes).filter(([key]) => !keys.has(key)));
}
