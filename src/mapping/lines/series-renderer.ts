// From the attributes of a point to the text of its series.

import type { Dialect } from '../dialects/dialect.js';
import type { LegalNames } from '../naming/legal-name.js';
import { joinName } from '../naming/legal-name.js';
import type { MetricNaming, PointName } from '../naming/naming-rules.js';
import { PointTags } from '../tags/point-tags.js';
import { isWholeTag, shortenSegments, shortenTags } from '../tags/shorten-tags.js';
import { type AttributeRecord, type Tag, withConstantTags } from '../tags/tags.js';
import type { SeriesText, Stamp } from './series-text.js';
import { wholeSeriesText } from './whole-series.js';

/** What all points of a metric have in common. */
export interface MetricSeries {
  /** The metric's own name, made legal. */
  readonly ownName: string;
  readonly prefix: string;
  readonly naming: MetricNaming;
  readonly constantTags: readonly Tag[];
  /** Called when a name or tag is longer than the server reads whole and is cut. */
  readonly onShortened: () => void;
}

/** What all series of a point have in common: a histogram can be several of the same attributes. */
export interface PointSeries {
  /** As the point has them. */
  readonly attributes: AttributeRecord;
  readonly name: string;
  readonly tags: readonly Tag[];
  /** Whether tags of attributes are cut. */
  readonly isShortened: boolean;
}

export class SeriesRenderer {
  readonly #dialect: Dialect;
  readonly #fields: string | undefined;
  readonly #legalNames: LegalNames;
  readonly #pointTags: PointTags;

  constructor(dialect: Dialect, fields: string | undefined, legalNames: LegalNames) {
    this.#dialect = dialect;
    this.#fields = fields;
    this.#legalNames = legalNames;
    this.#pointTags = new PointTags(dialect);
  }

  pointSeries(attributes: AttributeRecord, metric: MetricSeries): PointSeries {
    const point = metric.naming.nameOf(attributes);
    const legal = this.#pointTags.of(point.attributes);
    const whole = shortenTags(legal, this.#dialect);
    const isShortened = whole !== legal;
    if (isShortened) metric.onShortened();
    return {
      attributes,
      name: this.legalName(point, metric),
      tags: withConstantTags(whole, metric.constantTags),
      isShortened,
    };
  }

  /** The same as `pointSeries` of the attributes and `le`. */
  bucketSeries(point: PointSeries, le: string, metric: MetricSeries): PointSeries {
    const byAttributes = (): PointSeries => this.pointSeries({ ...point.attributes, le }, metric);
    const tag = this.#pointTags.ofBound(le);
    const isUsual = metric.naming.isConstant && !point.isShortened && !Object.hasOwn(point.attributes, 'le');
    if (!isUsual || tag === undefined || !isWholeTag(...tag, this.#dialect)) return byAttributes();
    const [key] = tag;
    // Tags are sorted by key, and keys are distinct.
    let at = point.tags.length;
    while (at > 0 && point.tags[at - 1]![0] >= key) at -= 1;
    if (point.tags[at]?.[0] === key) return byAttributes();
    return { ...point, tags: [...point.tags.slice(0, at), tag, ...point.tags.slice(at)] };
  }

  /** A template of which every segment is missing leaves the metric its own name. */
  legalName({ name }: PointName, { ownName, onShortened }: MetricSeries): string {
    const legal = (name !== undefined && this.#legalNames.of(name)) || ownName;
    if (this.#dialect.tags.place !== 'folded') return legal;
    const whole = shortenSegments(legal);
    if (whole !== legal) onShortened();
    return whole;
  }

  /** The suffix becomes part of the name. */
  text(
    { name, tags }: PointSeries,
    suffix: string | undefined,
    { prefix, onShortened }: MetricSeries,
    stamp: Stamp | undefined,
  ): SeriesText {
    const fullName = joinName(prefix, suffix === undefined ? name : `${name}.${suffix}`, this.#dialect);
    return wholeSeriesText(fullName, tags, this.#dialect, { stamp, fields: this.#fields, onShortened });
  }
}
