// The name of a data point: the metric's own, or the one that the user's rules give it.

import { AttributeFilter } from '../attributes/attribute-filter.js';
import { attributeText } from '../tags/attribute-text.js';
import type { AttributeRecord } from '../tags/tags.js';
import type { MetricType } from './metric-type.js';
import { NameTable } from './name-table.js';
import { asSegment, constantStart, fillTemplate, parseTemplate, type Template } from './templates.js';

/** The metric that a naming function is asked to name. */
export interface NamedMetric {
  readonly name: string;
  readonly unit: string;
  readonly description: string;
  readonly scope: string;
}

export type NamingFunction = (metric: NamedMetric, attributes: AttributeRecord) => string;

/**
 * A template with the attributes that stay beside those of its placeholders, as tags or folded into the name. All others
 * are removed, and series that become one by it are merged.
 */
export interface NameRule {
  readonly name: string;
  readonly attributes: readonly string[];
}

/** By metric name or glob (`*` stands for any text); an exact name beats every glob, and the first glob the others. */
export type NamingTable = Readonly<Record<string, string | NameRule | NamingFunction>>;

/** One function for all metrics, or a table. */
export type NamingRules = NamingFunction | NamingTable;

export interface PointName {
  /** Not yet made legal; undefined for the metric's own. */
  readonly name: string | undefined;
  /** Those that are left for the tags. */
  readonly attributes: AttributeRecord;
}

export interface MetricNaming {
  /** Whether all points have the same name and keep their attributes, so that one call of `nameOf` is enough. */
  readonly isConstant: boolean;
  readonly nameOf: (attributes: AttributeRecord) => PointName;
}

type Rule = NamingFunction | TemplateRule;

interface TemplateRule {
  readonly template: Template;
  readonly filter: AttributeFilter | undefined;
}

const OWN_NAME: MetricNaming = {
  isConstant: true,
  nameOf: (attributes) => ({ name: undefined, attributes }),
};

export class Naming {
  readonly #ruleOf: (metricName: string) => Rule | undefined;

  constructor(rules: NamingRules | undefined) {
    this.#ruleOf = compileRules(rules);
  }

  /** The attributes that stay on points of a metric; undefined when its rule does not say. */
  filterOf(metricName: string): AttributeFilter | undefined {
    const rule = this.#ruleOf(metricName);
    return typeof rule === 'object' ? rule.filter : undefined;
  }

  /**
   * A name that all points of a metric have, or that they continue after a dot; not yet made legal. Undefined when it is
   * not known before the points.
   */
  baseOf(metricName: string, type: MetricType): string | undefined {
    const rule = this.#ruleOf(metricName);
    if (rule === undefined) return metricName;
    if (typeof rule === 'function') return undefined;
    return constantStart(rule.template, (key) =>
      key === 'name' ? metricName : key === 'type' ? type : undefined,
    );
  }

  /** The naming of one metric. `onInvalid` is called when a naming function throws or returns no string. */
  of(metric: NamedMetric, type: MetricType, resource: AttributeRecord, onInvalid: () => void): MetricNaming {
    const rule = this.#ruleOf(metric.name);
    if (rule === undefined) return OWN_NAME;
    if (typeof rule === 'function') {
      return {
        isConstant: false,
        nameOf: (attributes) => ({ name: callNaming(rule, metric, attributes, onInvalid), attributes }),
      };
    }
    const { template } = rule;
    const keys = attributeKeys(template);
    const textOf = (key: string, attributes: AttributeRecord): string => {
      if (key === 'name') return metric.name;
      if (key === 'type') return type;
      const source = Object.hasOwn(attributes, key) ? attributes : resource;
      return Object.hasOwn(source, key) ? asSegment(attributeText(source[key])) : '';
    };
    return {
      isConstant: keys.length === 0,
      nameOf: (attributes) => ({
        name: fillTemplate(template, (key) => textOf(key, attributes)),
        attributes: without(attributes, keys),
      }),
    };
  }
}

function compileRules(rules: NamingRules = {}): (metricName: string) => Rule | undefined {
  if (typeof rules === 'function') return () => rules;
  const compiled = Object.entries(rules).map(([pattern, rule]): [string, Rule] => [
    pattern,
    typeof rule === 'function' ? rule : compileTemplate(rule),
  ]);
  const table = new NameTable(Object.fromEntries(compiled));
  return (metricName) => table.find(metricName);
}

function compileTemplate(rule: string | NameRule): TemplateRule {
  if (typeof rule === 'string') return { template: parseTemplate(rule), filter: undefined };
  const template = parseTemplate(rule.name);
  return { template, filter: new AttributeFilter([...attributeKeys(template), ...rule.attributes]) };
}

/** `{name}` and `{type}` are the metric's, never attributes. */
function attributeKeys({ keys }: Template): string[] {
  return [...keys].filter((key) => key !== 'name' && key !== 'type');
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

function without(attributes: AttributeRecord, keys: readonly string[]): AttributeRecord {
  if (keys.length === 0) return attributes;
  return Object.fromEntries(Object.entries(attributes).filter(([key]) => !keys.includes(key)));
}
