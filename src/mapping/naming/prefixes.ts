import type { MappingReport } from '../report.js';
import { attributeText } from '../tags/attribute-text.js';
import type { AttributeRecord } from '../tags/tags.js';
import { legalName } from './legal-name.js';
import type { MetricType } from './metric-type.js';
import { asSegment, fillTemplate, parseTemplate, type Template } from './templates.js';

/** The prefix of an export's metrics, which may differ by `{type}`. */
export type Prefixes = Readonly<Record<MetricType, string>>;

export class PrefixTemplate {
  readonly #source: string;
  readonly #template: Template;
  readonly #illegal: RegExp;

  constructor(source: string, illegal: RegExp) {
    this.#source = source;
    this.#template = parseTemplate(source);
    this.#illegal = illegal;
  }

  /** Warns of resource attributes that are missing. */
  fill(resource: AttributeRecord, report: MappingReport): Prefixes {
    const counters = this.#fillFor('counters', resource, report);
    if (!this.#template.keys.has('type')) return { counters, gauges: counters, timers: counters };
    return {
      counters,
      gauges: this.#fillFor('gauges', resource, report),
      timers: this.#fillFor('timers', resource, report),
    };
  }

  #fillFor(type: MetricType, resource: AttributeRecord, report: MappingReport): string {
    const filled = fillTemplate(
      this.#template,
      (key) => (key === 'type' ? type : asSegment(attributeText(resource[key]))),
      (key) =>
        report.warn(
          `prefix ${key}`,
          `the resource has no ${key}, so the prefix "${this.#source}" is sent without that segment`,
        ),
    );
    return legalName(filled, this.#illegal);
  }
}
