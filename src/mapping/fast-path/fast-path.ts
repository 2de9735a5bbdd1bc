// Counters and gauges as bytes: the way that nearly all points go. A point is plain when nothing has to be
// remembered of its series and each attribute becomes one tag; all others are for the general way, which says the
// same of plain ones (test/property/fast-path.test.ts).

import type { DataPoint, MetricData } from '@opentelemetry/sdk-metrics';
import type { Dialect } from '../dialects/dialect.js';
import type { LineBuffer, LineSink } from '../lines/line-sink.js';
import { stampOf } from '../lines/timestamp.js';
import { MAX_NUMBER_BYTES, NumberWriter } from '../numbers/number-writer.js';
import type { MappingOptions } from '../options.js';
import type { GaugeCollisionDetector } from '../state/gauge-collisions.js';
import type { Instant } from '../state/instant.js';
import type { Tag } from '../tags/tags.js';
import { AttributeTrie, MAX_CONSTANT_TAGS } from './attribute-trie.js';
import { ByteArena, COPY_SLACK, copyText, WORDS_ARE_SAFE } from './byte-arena.js';
import { type FrameTexts, LineTemplate, type PlainKind } from './line-template.js';
import { type NumberRange, PointBatch } from './point-batch.js';
import { SeriesHasher } from './series-hash.js';
import { TagInternTable } from './tag-intern-table.js';

const encoder = new TextEncoder();

/** What is known of a metric. */
interface PlainMetric {
  readonly texts: FrameTexts;
  readonly tree: AttributeTrie;
}

export class FastPath {
  readonly #options: MappingOptions;
  readonly #gaugesSent: GaugeCollisionDetector;
  readonly #numbers = new NumberWriter();
  readonly #slab = new ByteArena();
  readonly #frame: LineTemplate;
  readonly #isStamped: boolean;
  readonly #tagsFirst: boolean;
  readonly #separatorBytes: number;
  readonly #series: SeriesHasher;
  readonly #ranges: Readonly<Record<PlainKind, NumberRange>>;

  #constantTags: readonly Tag[] = [];
  #dictionary: TagInternTable;
  /** By descriptor, which the SDK keeps for as long as the instrument lives. */
  #metrics = new WeakMap<MetricData['descriptor'], PlainMetric>();
  readonly #taken = new PointBatch(this.#slab);
  #canWrite = false;

  #tree: AttributeTrie | undefined;
  #kind: PlainKind = 'counter';
  #range: NumberRange;
  #buffer: LineBuffer | undefined;
  #owner = 0;
  #stampSecond = Number.NaN;

  constructor(options: MappingOptions, gaugesSent: GaugeCollisionDetector) {
    const { dialect, timestamps } = options;
    this.#options = options;
    this.#gaugesSent = gaugesSent;
    this.#frame = new LineTemplate(options, this.#slab);
    this.#dictionary = new TagInternTable(dialect, this.#slab);
    this.#tagsFirst = dialect.tags.place !== 'end';
    this.#separatorBytes = encoder.encode(dialect.tags.separator).length;
    this.#series = new SeriesHasher(dialect.tags, this.#frame, this.#slab, gaugesSent);
    this.#isStamped = dialect.timestamps === 'required' || (dialect.timestamps === 'optional' && timestamps);
    this.#ranges = rangesOf(dialect);
    this.#range = this.#ranges.counter;
    this.#forget([]);
  }

  /** To be called before each export with its constant tags, some of which are the resource's. */
  beginExport(constantTags: readonly Tag[]): void {
    const isStale = this.#dictionary.isStale();
    const areSame = JSON.stringify(constantTags) === JSON.stringify(this.#constantTags);
    if (isStale || !areSame) this.#forget(constantTags);
  }

  endExport(): void {
    this.#dictionary.endExport();
  }

  #forget(constantTags: readonly Tag[]): void {
    this.#slab.clear();
    this.#dictionary = new TagInternTable(this.#options.dialect, this.#slab);
    this.#metrics = new WeakMap();
    this.#constantTags = constantTags;
    this.#canWrite = WORDS_ARE_SAFE && constantTags.length <= MAX_CONSTANT_TAGS;
    if (!this.#canWrite) return;
    const rendered = constantTags.map(([key, value]) => this.#dictionary.renderLegal(key, value, true));
    if (rendered.some(({ isKept }) => !isKept)) this.#canWrite = false;
    this.#taken.setConstants(rendered.map(({ ref }) => ref));
  }

  /** Prepares for the points of a metric; false when none of them is plain. */
  beginMetric(name: string, metric: MetricData, kind: PlainKind, sink: LineSink): boolean {
    if (!this.#canWrite || sink.bytes === undefined) return false;
    // What a server keeps of a counter's second is the last line of it: the general way adds up.
    if (this.#isStamped && kind === 'counter') return false;
    const { descriptor } = metric;
    let plain = this.#metrics.get(descriptor);
    if (plain?.texts.name !== name || plain.texts.kind !== kind) {
      const texts = this.#frame.textsOf(name, kind);
      if (texts === undefined) return false;
      plain = { texts, tree: new AttributeTrie(this.#constantTags, this.#dictionary) };
      this.#metrics.set(descriptor, plain);
    }
    this.#frame.set(plain.texts);
    this.#tree = plain.tree;
    this.#kind = kind;
    this.#range = this.#ranges[kind];
    this.#buffer = sink.bytes(kind === 'counter' ? 'additive' : 'idempotent');
    if (kind === 'gauge') this.#owner = this.#gaugesSent.metricIndexOf(descriptor.name);
    this.#stampSecond = Number.NaN;
    return true;
  }

  /** Writes points until one is not plain, and answers its index; `to` when all were. */
  write(points: readonly DataPoint<number>[], from: number, to: number): number {
    const tree = this.#tree;
    const buffer = this.#buffer;
    if (tree === undefined || buffer === undefined) return from;
    const taken = this.#taken;
    let index = from;
    while (index < to) {
      taken.take(points, index, to, tree, this.#range, this.#frame.maxTagBytes);
      if (taken.count === 0) return index;
      const written = this.#writeTaken(buffer, points, index);
      index += written;
      if (written < taken.count) return index;
    }
    return index;
  }

  /** Answers how many; fewer than were taken when one of them is to be told of as another gauge's double. */
  #writeTaken(buffer: LineBuffer, points: readonly DataPoint<number>[], first: number): number {
    const { count, values, tagBytes: allTagBytes, ends } = this.#taken;
    const isCounter = this.#kind === 'counter';
    const isStamped = this.#isStamped;
    const owner = this.#owner;
    const { bytes: frameBytes } = this.#frame;
    let start = 0;
    let index = 0;
    try {
      for (; index < count; index++) {
        const end = ends[index]!;
        const tagBytes = allTagBytes[index]!;
        if (isStamped && points[first + index]!.endTime[0] !== this.#stampSecond) {
          this.#stamp(points[first + index]!.endTime);
        }
        // A zero adds nothing on any server.
        const isIdle = isCounter && values[index] === 0;
        if (!isCounter && !this.#series.isFirst(this.#taken.refs, start, end, tagBytes, owner)) return index;
        if (!isIdle) {
          buffer.reserve(frameBytes + tagBytes + MAX_NUMBER_BYTES + COPY_SLACK);
          this.#numbers.input[0] = values[index]!;
          buffer.commit(tagBytes === 0 ? this.#writeBare(buffer) : this.#writeTagged(buffer, start, end));
        }
        start = end;
      }
    } catch {
      // A time that cannot be read: the general way finds so, too, and says it.
    }
    return index;
  }

  #writeBare({ bytes, view, position }: LineBuffer): number {
    const { words } = this.#slab;
    let at = copyText(words, this.#frame.bareBegin, view, position);
    at = this.#numbers.writeInput(bytes, at);
    return copyText(words, this.#frame.bareEnd, view, at);
  }

  #writeTagged({ bytes, view, position }: LineBuffer, start: number, end: number): number {
    const frame = this.#frame;
    const { words } = this.#slab;
    const { refs } = this.#taken;
    const tagsFirst = this.#tagsFirst;
    let at = copyText(words, frame.begin, view, position);
    if (!tagsFirst) {
      at = this.#numbers.writeInput(bytes, at);
      at = copyText(words, frame.middle, view, at);
    }
    for (let tag = start; tag < end; tag++) at = copyText(words, refs[tag]!, view, at);
    // What follows stands in place of the last separator.
    at -= this.#separatorBytes;
    if (tagsFirst) {
      at = copyText(words, frame.middle, view, at);
      at = this.#numbers.writeInput(bytes, at);
    }
    return copyText(words, frame.end, view, at);
  }

  #stamp(endTime: Instant): void {
    this.#frame.stamp(stampOf(endTime, this.#options)?.text ?? '');
    this.#stampSecond = endTime[0];
  }
}

/** The numbers that servers of this dialect take as they are. */
function rangesOf({ counterDecimals, limits, negativeGauge }: Dialect): Record<PlainKind, NumberRange> {
  return {
    // No number is between 0 and the least above it.
    counter: { below: limits.counter, above: -Number.MIN_VALUE, isWhole: counterDecimals !== Infinity },
    gauge: {
      below: limits.gauge,
      above: negativeGauge === 'absolute' ? -limits.gauge : -Number.MIN_VALUE,
      isWhole: false,
    },
  };
}
