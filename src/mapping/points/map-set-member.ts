import type { AggregationTemporality, DataPoint } from '@opentelemetry/sdk-metrics';
import type { SetRules } from '../dialects/dialect.js';
import { writeSetMember } from '../lines/write-line.js';
import type { MetricContext } from '../metric-context.js';
import { attributeText } from '../tags/attribute-text.js';
import { increase } from './map-sum.js';
import { memberText } from './member-text.js';

/** A counter of which the server counts the distinct values of an attribute. */
export interface SetOptions {
  readonly attribute: string;
  readonly rules: SetRules;
}

/** A point whose counter has grown becomes a member: the value of the attribute, with the others as tags. */
export function mapSetMember(
  point: DataPoint<number>,
  temporality: AggregationTemporality,
  { attribute, rules }: SetOptions,
  context: MetricContext,
): void {
  const { metric, report } = context;
  if (!Number.isFinite(point.value)) return report.drop('non_finite', metric);
  const value = increase(point, temporality, context);
  if (value === undefined) return report.drop('series_limit', metric);
  if (value < 0) return report.drop('unsupported', metric);
  // A cumulative series is collected again and again.
  if (value === 0) return;

  const { [attribute]: member, ...others } = point.attributes;
  const text = attributeText(member);
  if (text === '') return report.drop('no_member', metric);
  writeSetMember(context.series(others), memberText(text, rules), context);
}
