// The lines of a histogram's points as bytes. A point becomes several series of the same tags: the tags are put together
// once, and each line is a name, a number and a copy of them. What this class declines, line by line, the slow path writes;
// for all other lines both write the same (test/property/histogram-bytes.test.ts).

import type { MetricData } from '@opentelemetry/sdk-metrics';
import { ByteBuffer } from '../lines/byte-buffer.js';
import type { LineBuffer, LineSink } from '../lines/line-sink.js';
import { lineSyntaxOf } from '../lines/line-syntax.js';
import { formatNumber } from '../numbers/format-number.js';
import { MAX_NUMBER_BYTES, NumberWriter } from '../numbers/number-writer.js';
import type { MappingOptions } from '../options.js';
import type { GaugeCollisionDetector } from '../state/gauge-collisions.js';
import { PointTags } from '../tags/point-tags.js';
import { isWholeTag } from '../tags/shorten-tags.js';
import { type AttributeRecord, legalKey } from '../tags/tags.js';
import { AttributeTrie, type TrieNode } from './attribute-trie.js';
import type { ByteArena } from './byte-arena.js';
import type { ConstantRefs } from './constant-refs.js';
import { type FastPathKind, LineTemplates } from './line-template.js';
import { type NumberRange, numberRangesOf } from './number-range.js';
import { EMPTY_HASH, type TextHash } from './rolling-hash.js';
import { SeriesHasher } from './series-hash.js';
import type { TagInternTable } from './tag-intern-table.js';
import { TagRefs } from './tag-refs.js';
import { TagSection } from './tag-section.js';

/** Points with more take the slow path, so that a line fits into the buffer of every sink. */
const MAX_TAG_BYTES = 4_096;

/** Bounds of buckets whose texts are kept. */
const MAX_BOUNDS = 1_024;

const BOUND = 'le';

const NO_CONSTANTS: ConstantRefs = { tags: [], refs: [], bytes: 0 };

const NEWLINE = ByteBuffer.of('\n');

/** One series of a metric: its name, with a suffix or without. */
interface SeriesName {
  readonly text: ByteBuffer;
  readonly maxTagBytes: number;
  readonly identityHash: TextHash;
  readonly bareIdentityHash: TextHash;
}

/** What is kept of a metric. */
interface HistogramMetric {
  readonly name: string;
  readonly constants: ConstantRefs;
  readonly trie: AttributeTrie;
  /** By suffix; undefined where lines need the slow path. */
  readonly series: Map<string, SeriesName | undefined>;
  /** The place of a bucket's bound among the tags, for each sequence of keys; undefined where they have that key. */
  readonly boundPlaces: Map<TrieNode, number | undefined>;
}

export class PointLines {
  readonly #options: MappingOptions;
  readonly #arena: ByteArena;
  readonly #isTagsFirst: boolean;
  readonly #isStamped: boolean;
  readonly #beforeNumber: ByteBuffer;
  readonly #afterNumber: Readonly<Record<FastPathKind, ByteBuffer>>;
  /** The most bytes that a line has besides name and tags. */
  readonly #numberBytes: number;
  readonly #templates: LineTemplates;
  readonly #collisions: GaugeCollisionDetector;
  readonly #hashes;
  readonly #hasher: SeriesHasher;
  readonly #ranges: Readonly<Record<FastPathKind, NumberRange>>;
  readonly #numbers = new NumberWriter();
  readonly #pointTags: PointTags;
  readonly #boundKey: string;
  /** By bound; undefined where its tag needs the slow path. */
  readonly #bounds = new Map<number, ByteBuffer | undefined>();
  readonly #section: TagSection;

  #internTable: TagInternTable;
  #constants = NO_CONSTANTS;
  #tags: TagRefs;
  #metrics = new WeakMap<MetricData['descriptor'], HistogramMetric>();

  // The current metric.
  #metric: HistogramMetric | undefined;
  #descriptorName = '';
  #additive: LineBuffer | undefined;
  #idempotent: LineBuffer | undefined;

  // The current point.
  #isReady = false;
  #isSplit = false;

  /** `isStamped`: counters and gauges have a time, so that all of them need the slow path. */
  constructor(
    options: MappingOptions,
    arena: ByteArena,
    internTable: TagInternTable,
    collisions: GaugeCollisionDetector,
    isStamped: boolean,
  ) {
    const { dialect, fields = '' } = options;
    const syntax = lineSyntaxOf(dialect);
    this.#options = options;
    this.#arena = arena;
    this.#isTagsFirst = syntax.tagPlace !== 'end';
    this.#isStamped = isStamped;
    const newline = this.#isTagsFirst ? '\n' : '';
    this.#beforeNumber = ByteBuffer.of(syntax.beforeNumber);
    this.#afterNumber = {
      counter: ByteBuffer.of(syntax.afterNumber.counter + newline),
      gauge: ByteBuffer.of(syntax.afterNumber.gauge + newline),
    };
    const { counter, gauge } = this.#afterNumber;
    this.#numberBytes = this.#beforeNumber.length + MAX_NUMBER_BYTES + Math.max(counter.length, gauge.length);
    this.#templates = new LineTemplates(options, arena);
    this.#hashes = {
      identityHash: EMPTY_HASH,
      bareIdentityHash: EMPTY_HASH,
      identityHashOf: (mark: string) => this.#templates.identityHashOf(mark),
    };
    this.#collisions = collisions;
    this.#hasher = new SeriesHasher(dialect, this.#hashes, arena, collisions);
    this.#ranges = numberRangesOf(dialect);
    this.#pointTags = new PointTags(dialect);
    this.#boundKey = legalKey(BOUND, dialect);
    this.#section = new TagSection(arena, syntax, fields, this.#boundKey);
    this.#internTable = internTable;
    this.#tags = new TagRefs(arena, internTable, NO_CONSTANTS);
  }

  /** Forgets all metrics, for another table. */
  reset(internTable: TagInternTable): void {
    this.#internTable = internTable;
    this.#constants = NO_CONSTANTS;
    this.#metrics = new WeakMap();
  }

  /** Prepares for metrics with these constant tags. */
  beginScope(constants: ConstantRefs): void {
    if (this.#constants === constants) return;
    this.#constants = constants;
    this.#tags = new TagRefs(this.#arena, this.#internTable, constants);
  }

  /** Prepares for the points of a metric, whose name is legal. */
  beginMetric(name: string, { descriptor }: MetricData, sink: LineSink): void {
    let known = this.#metrics.get(descriptor);
    const constants = this.#constants;
    if (known?.name !== name || known.constants !== constants) {
      const trie = new AttributeTrie(constants.tags, this.#internTable);
      known = { name, constants, trie, series: new Map(), boundPlaces: new Map() };
      this.#metrics.set(descriptor, known);
    }
    this.#metric = known;
    this.#descriptorName = descriptor.name;
    this.#additive = sink.bytes?.('additive');
    this.#idempotent = sink.bytes?.('idempotent');
  }

  /** Declines all lines until the next metric. */
  endMetric(): void {
    this.#metric = this.#additive = this.#idempotent = undefined;
    this.#isReady = false;
  }

  /** Prepares for the lines of a point. Where that is not possible, every line of it is declined. */
  beginPoint(attributes: AttributeRecord): void {
    this.#isSplit = false;
    this.#isReady = false;
    const metric = this.#metric;
    if (metric === undefined || this.#additive === undefined) return;
    try {
      this.#isReady = this.#tags.resolve(attributes, metric.trie) && this.#tags.bytes <= MAX_TAG_BYTES;
    } catch {
      // Attributes that throw when they are read: so they do on the slow path, which reports it.
    }
    if (this.#isReady) this.#section.assemble(this.#tags);
  }

  /** Writes a counter's line; false when it is declined. */
  counter(suffix: string, value: number): boolean {
    const series = this.#isCounter(value) ? this.#seriesOf(suffix) : undefined;
    if (series === undefined || this.#tags.bytes > series.maxTagBytes) return false;
    // A zero adds nothing on any server.
    if (value !== 0) this.#write(series, 'counter', value, this.#additive!, undefined);
    return true;
  }

  /** Writes a counter's line with a bucket's upper bound as one more tag; false when it is declined. */
  bucket(suffix: string, bound: number, count: number): boolean {
    const series = this.#isCounter(count) ? this.#seriesOf(suffix) : undefined;
    if (series === undefined || !this.#split()) return false;
    const text = this.#boundText(bound);
    if (text === undefined || this.#section.bytesWith(text) > series.maxTagBytes) return false;
    if (count !== 0) this.#write(series, 'counter', count, this.#additive!, text);
    return true;
  }

  /** Writes a gauge's line; false when it is declined. */
  gauge(suffix: string, value: number): boolean {
    const { above, below } = this.#ranges.gauge;
    if (!this.#isReady || this.#isStamped || !(value < below && value > above)) return false;
    const series = this.#seriesOf(suffix);
    const { refs, order, bytes } = this.#tags;
    if (series === undefined || bytes > series.maxTagBytes) return false;
    this.#hashes.identityHash = series.identityHash;
    this.#hashes.bareIdentityHash = series.bareIdentityHash;
    const metricIndex = this.#collisions.metricIndexOf(this.#descriptorName);
    if (!this.#hasher.isFirst(refs, order, bytes, metricIndex)) return false;
    this.#write(series, 'gauge', value, this.#idempotent!, undefined);
    return true;
  }

  /**
   * Sets what a sample's line has before the value and after type and rate, its newline included; false when the slow path
   * has to write the samples.
   */
  samples(suffix: string, head: ByteBuffer, tail: ByteBuffer): boolean {
    const series = this.#isReady ? this.#seriesOf(suffix) : undefined;
    if (series === undefined || this.#tags.bytes > series.maxTagBytes) return false;
    head.length = tail.length = 0;
    head.append(series.text);
    (this.#isTagsFirst ? head : tail).append(this.#section.whole);
    if (this.#isTagsFirst) tail.append(NEWLINE);
    return true;
  }

  #isCounter(value: number): boolean {
    const { above, below, isWhole } = this.#ranges.counter;
    if (!this.#isReady || this.#isStamped || !(value < below && value > above)) return false;
    return !isWhole || Math.floor(value) === value;
  }

  #write(
    { text }: SeriesName,
    kind: FastPathKind,
    value: number,
    buffer: LineBuffer,
    bound: ByteBuffer | undefined,
  ): void {
    const section = this.#section;
    buffer.reserve(text.length + section.bytesWith(bound) + this.#numberBytes);
    const { bytes, view } = buffer;
    let at = text.copyTo(view, buffer.position);
    if (this.#isTagsFirst) at = section.copyTo(view, at, bound);
    at = this.#beforeNumber.copyTo(view, at);
    this.#numbers.input[0] = value;
    at = this.#afterNumber[kind].copyTo(view, this.#numbers.writeInput(bytes, view, at));
    buffer.commit(this.#isTagsFirst ? at : section.copyTo(view, at, bound));
  }

  #seriesOf(suffix: string): SeriesName | undefined {
    const { name, series } = this.#metric!;
    const known = series.get(suffix);
    if (known !== undefined || series.has(suffix)) return known;
    const template = this.#templates.compile(suffix === '' ? name : `${name}.${suffix}`, 'counter');
    const made = template && {
      text: ByteBuffer.of(template.name),
      maxTagBytes: this.#templates.maxTagBytesOf(template.fixedBytes),
      identityHash: template.identityHash,
      bareIdentityHash: template.bareIdentityHash,
    };
    series.set(suffix, made);
    return made;
  }

  /** The bound of a bucket as the value of its tag. */
  #boundText(bound: number): ByteBuffer | undefined {
    const known = this.#bounds.get(bound);
    if (known !== undefined || this.#bounds.has(bound)) return known;
    if (this.#bounds.size === MAX_BOUNDS) this.#bounds.clear();
    const tag = this.#pointTags.ofBound(boundText(bound));
    const isUsual = tag !== undefined && tag[0] === this.#boundKey && !tag[1].includes('\n');
    const text = isUsual && isWholeTag(...tag, this.#options.dialect) ? ByteBuffer.of(tag[1]) : undefined;
    this.#bounds.set(bound, text);
    return text;
  }

  /** Makes room for the bound of a bucket among the tags of the point; false where that is not possible. */
  #split(): boolean {
    if (this.#isSplit) return true;
    const { boundPlaces, trie } = this.#metric!;
    const node = this.#tags.node!;
    if (!boundPlaces.has(node)) boundPlaces.set(node, trie.placeOf(this.#boundKey, node));
    const place = boundPlaces.get(node);
    if (place === undefined) return false;
    this.#section.split(this.#tags, place);
    this.#isSplit = true;
    return true;
  }
}

/** The upper bound of a bucket as text; `inf` for the last. */
export function boundText(bound: number): string {
  if (Number.isFinite(bound)) return formatNumber(bound);
  return bound < 0 ? '-inf' : 'inf';
}
