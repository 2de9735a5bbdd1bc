// What the fast path keeps of the metrics whose points it writes.

import type { MetricData } from '@opentelemetry/sdk-metrics';
import { AttributeTrie } from './attribute-trie.js';
import type { ConstantRefs } from './constant-refs.js';
import type { FastPathKind, LineTemplate, LineTemplates } from './line-template.js';
import type { TagInternTable } from './tag-intern-table.js';

export interface FastMetric {
  readonly template: LineTemplate;
  readonly constants: ConstantRefs;
  readonly trie: AttributeTrie;
  /** Whether this export is the first in which it was found. */
  isNew: boolean;
  hadSlowPoints: boolean;
}

export class FastMetrics {
  readonly #templates: LineTemplates;
  readonly #internTable: TagInternTable;
  /** By descriptor, which the SDK keeps for as long as the instrument lives. */
  readonly #metrics = new WeakMap<MetricData['descriptor'], FastMetric & { firstExport: number }>();

  constructor(templates: LineTemplates, internTable: TagInternTable) {
    this.#templates = templates;
    this.#internTable = internTable;
  }

  /** Undefined when all points need the slow path. `exportNumber` differs from export to export. */
  find(
    { descriptor }: MetricData,
    name: string,
    kind: FastPathKind,
    constants: ConstantRefs,
    exportNumber: number,
  ): FastMetric | undefined {
    const known = this.#metrics.get(descriptor);
    if (known?.template.name === name && known.template.kind === kind && known.constants === constants) {
      known.isNew = known.firstExport === exportNumber;
      return known;
    }
    const template = this.#templates.compile(name, kind);
    if (template === undefined) return undefined;
    const trie = new AttributeTrie(constants.tags, this.#internTable);
    const added = {
      template,
      constants,
      trie,
      isNew: true,
      hadSlowPoints: false,
      firstExport: exportNumber,
    };
    this.#metrics.set(descriptor, added);
    return added;
  }
}

/**
 * False when different attributes are different series to the server. What is known of that is true of the exports
 * before; the first export of a metric is looked at point by point.
 */
export function mayOverwriteItself({ isNew, hadSlowPoints, trie }: FastMetric): boolean {
  return isNew || hadSlowPoints || trie.isAmbiguous;
}
