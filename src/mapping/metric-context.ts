// Everything that the mapping of one metric's points may use.

import type { PointLines } from './fast-path/point-lines.js';
import type { HistogramScratch } from './histograms/scratch.js';
import type { LineSink } from './lines/line-sink.js';
import type { LineSyntax } from './lines/line-syntax.js';
import type { SeriesText } from './lines/series-text.js';
import type { UnitScale } from './numbers/unit-scale.js';
import type { MappingOptions } from './options.js';
import type { MappingReport } from './report.js';
import type { SeriesState } from './state/series-state.js';
import type { AttributeRecord } from './tags/tags.js';

/** One metric whose points become lines. */
export interface MetricContext {
  /** Name as the app gave it, for messages. */
  readonly metric: string;
  readonly unit: string;
  /** From the instrument's unit to that of its lines. */
  readonly scale: UnitScale;
  readonly options: MappingOptions;
  readonly syntax: LineSyntax;
  readonly sink: LineSink;
  readonly report: MappingReport;
  readonly state: SeriesState;
  readonly scratch: HistogramScratch;
  /** The lines of a histogram's points as bytes; undefined where all of them need `series`. */
  readonly lines: PointLines | undefined;
  /**
   * Rendered name and tags of the point that is being mapped; the suffix becomes part of the name. Throws
   * PointDropped, which ends the mapping of the point, when they are longer than the server takes.
   */
  series(attributes: AttributeRecord, suffix?: string): SeriesText;
  /** The same as `series({ ...attributes, le }, 'bucket')`, for a point of which several buckets are written. */
  bucketSeries(attributes: AttributeRecord, le: string): SeriesText;
  /** Identity of a point's series for `state`. */
  key(attributes: AttributeRecord): string;
}
