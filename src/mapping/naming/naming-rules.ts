// Which name a data point goes by: the metric's own, or one that the user's rules make of it.

import { attributeText } from '../tags/attribute-text.js';
import type { AttributeRecord } from '../tags/tags.js';
import { globExpression } from './globs.js';
import { asSegment, fillTemplate, parseTemplate, type Template } from './templates.js';

/** What a naming function gets to know of a metric. */
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
  /** Not yet made legal. */
  readonly name: string;
  /** What is left for the tags. */
  readonly attributes: AttributeRecord;
}

/** Names the points of one metric. */
export type PointNaming = (attributes: AttributeRecord) => PointName;

interface Rule {
  readonly matches: (metricName: string) => boolean;
  readonly target: Template | NamingFunction;
}

export class Naming {
  readonly #rules: readonly Rule[];

  constructor(rules: NamingRules | undefined) {
    this.#rules = compileRules(rules);
  }

  /** False when all points of a metric go by its own name. */
  hasRule(metricName: string): boolean {
    return this.#rules.some(({ matches }) => matches(metricName));
  }

  /** The naming of one metric; `failed` hears of a naming function that throws or returns no string. */
  of(metric: NamedMetric, resource: AttributeRecord, failed: () => void): PointNaming {
    const target = this.#rules.find(({ matches }) => matches(metric.name))?.target;
    if (target === undefined) return (attributes) => ({ name: metric.name, attributes });
    if (typeof target === 'function') {
      return (attributes) => ({ name: callNaming(target, metric, attributes, failed), attributes });
    }
    return (attributes) => ({
      name: fillTemplate(target, (key) => placeholderText(key, metric, attributes, resource)),
      attributes: without(attributes, target.keys),
    });
  }
}

function compileRules(rules: NamingRules | undefined): Rule[] {
  if (rules === undefined) return [];
  if (typeof rules === 'function') return [{ matches: () => true, target: rules }];
  const compiled = Object.entries(rules).map(([pattern, rule]) => ({
    pattern,
    target: typeof rule === 'function' ? rule : parseTemplate(rule),
  }));
  // An exact name beats every glob; among globs the first that matches counts.
  const exact = compiled.filter(({ pattern }) => !pattern.includes('*'));
  const globs = compiled.filter(({ pattern }) => pattern.includes('*'));
  return [
    ...exact.map(({ pattern, target }) => ({ matches: (name: string) => name === pattern, target })),
    ...globs.map(({ pattern, target }) => {
      const expression = globExpression(pattern);
      return { matches: (name: string) => expression.test(name), target };
    }),
  ];
}

function callNaming(
  naming: NamingFunction,
  metric: NamedMetric,
  attributes: AttributeRecord,
  failed: () => void,
): string {
  try {
    const name: unknown = naming(metric, attributes);
    if (typeof name === 'string') return name;
  } catch {
    // Reported below, together with results that are no name.
  }
  failed();
  return metric.name;
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
