// The fast path for counters and gauges that need no state per series and whose attributes are one tag each. It writes
// their lines as bytes; everything else takes the slow path, which gives the same lines for the points of the fast path
// (test/property/fast-path.test.ts). README.md explains how it works.

import { type DataPoint, DataPointType, type MetricData } from '@opentelemetry/sdk-metrics';
import type { LineBuffer, LineSink } from '../lines/line-sink.js';
import { lineSyntaxOf } from '../lines/line-syntax.js';
import { stampOf } from '../lines/timestamp.js';
import { MAX_NUMBER_BYTES, NumberWriter } from '../numbers/number-writer.js';
import { withoutRoundingNoise } from '../numbers/rounding-noise.js';
import { type UnitScale, unitScale } from '../numbers/unit-scale.js';
import type { MappingOptions } from '../options.js';
import type { GaugeCollisionDetector } from '../state/gauge-collisions.js';
import type { Instant } from '../state/instant.js';
import type { Tag } from '../tags/tags.js';
import { MAX_ATTRIBUTES, MAX_CONSTANT_TAGS } from './attribute-trie.js';
import { ByteArena, COPY_SLACK, copyText, LENGTH_BITS, LENGTH_MASK } from './byte-arena.js';
import { type ConstantRefs, ConstantRefTable } from './constant-refs.js';
import { type FastMetric, FastMetrics, mayOverwriteItself } from './fast-metrics.js';
import { NEEDS_SLOW_PATH } from './interned-key.js';
import { byteLength, type FastPathKind, LineTemplates } from './line-template.js';
import { type NumberRange, numberRangesOf } from './number-range.js';
import { PointLines } from './point-lines.js';
import { ReadAhead } from './read-ahead.js';
import { SeriesHasher } from './series-hash.js';
import { isIdentityUnambiguous } from './series-identity.js';
import { hashString } from './string-hash.js';
import { TagInternTable } from './tag-intern-table.js';
import { SMALL_NUMBER_MASK } from './value-cache.js';

const hasOwn = Object.prototype.hasOwnProperty;

export class FastPath {
  readonly #options: MappingOptions;
  readonly #collisions: GaugeCollisionDetector;
  readonly #numbers = new NumberWriter();
  readonly #readAhead: ReadAhead;
  readonly #arena = new ByteArena();
  readonly #templates: LineTemplates;
  readonly #isStamped: boolean;
  readonly #isTagsFirst: boolean;
  readonly #separatorBytes: number;
  readonly #hasher: SeriesHasher;
  readonly #pointLines: PointLines;
  readonly #isIdentityUnambiguous: boolean;
  readonly #ranges: Readonly<Record<FastPathKind, NumberRange>>;
  /** References of one point: of its attributes in the order of arrival, then of the constant tags. */
  readonly #refs = new Int32Array(MAX_ATTRIBUTES + MAX_CONSTANT_TAGS);

  #internTable: TagInternTable;
  #constantRefs: ConstantRefTable;
  /** Of the current scope; undefined when its points need the slow path. */
  #constants: ConstantRefs | undefined;
  #metrics: FastMetrics;
  #exports = 0;

  // The current metric.
  #metric: FastMetric | undefined;
  #kind: FastPathKind = 'counter';
  #scale = unitScale(1);
  /** Whether numbers were added up, and not measured. */
  #isSum = false;
  #buffer: LineBuffer | undefined;
  #metricIndex = 0;
  /** Whether gauges of the metric may overwrite each other. */
  #mayCollide = false;
  #stampSecond = Number.NaN;
  /** Where the hot loop is. */
  #next = 0;

  constructor(options: MappingOptions, collisions: GaugeCollisionDetector, now: () => number) {
    const { dialect, timestamps } = options;
    const { separator, tagPlace } = lineSyntaxOf(dialect);
    this.#options = options;
    this.#collisions = collisions;
    this.#readAhead = new ReadAhead(now);
    this.#templates = new LineTemplates(options, this.#arena);
    this.#internTable = new TagInternTable(dialect, this.#arena);
    this.#isTagsFirst = tagPlace !== 'end';
    this.#separatorBytes = byteLength(separator);
    this.#hasher = new SeriesHasher(dialect, this.#templates, this.#arena, collisions);
    this.#isIdentityUnambiguous = isIdentityUnambiguous(dialect);
    this.#isStamped = dialect.timestamps === 'required' || (dialect.timestamps === 'optional' && timestamps);
    this.#ranges = numberRangesOf(dialect);
    this.#pointLines = new PointLines(options, this.#arena, this.#internTable, collisions, this.#isStamped);
    this.#constantRefs = new ConstantRefTable(this.#internTable);
    this.#metrics = new FastMetrics(this.#templates, this.#internTable);
  }

  /** To be called before each export. */
  beginExport(): void {
    this.#exports += 1;
    if (this.#internTable.isStale() || this.#constantRefs.isFull) this.#reset();
  }

  /** To be called before the metrics of each scope with their constant tags. */
  beginScope(constantTags: readonly Tag[]): void {
    if (this.#constants?.tags === constantTags) return;
    this.#constants = this.#constantRefs.of(constantTags);
    if (this.#constants === undefined) return;
    this.#refs.set(this.#constants.refs, MAX_ATTRIBUTES);
    this.#pointLines.beginScope(this.#constants);
  }

  endExport(): void {
    this.#internTable.endExport();
    this.#metric = this.#buffer = undefined;
    this.#pointLines.endMetric();
  }

  #reset(): void {
    this.#arena.clear();
    this.#internTable = new TagInternTable(this.#options.dialect, this.#arena);
    this.#constantRefs = new ConstantRefTable(this.#internTable);
    this.#constants = undefined;
    this.#metrics = new FastMetrics(this.#templates, this.#internTable);
    this.#pointLines.reset(this.#internTable);
  }

  /** The lines of a histogram's points, whose name is whole and legal; undefined when all of them need the slow path. */
  histogramLines(name: string, metric: MetricData, sink: LineSink): PointLines | undefined {
    if (this.#constants === undefined || sink.bytes === undefined) return undefined;
    this.#pointLines.beginMetric(name, metric, sink);
    return this.#pointLines;
  }

  /**
   * Prepares for the points of a metric; false when all of them need the slow path. `isNameUnique`: no other metric of
   * the export may have the same series (ExportNames). `scale`: from the unit of the metric to that of its lines.
   */
  beginMetric(
    name: string,
    metric: MetricData,
    kind: FastPathKind,
    isNameUnique: boolean,
    scale: UnitScale,
    sink: LineSink,
  ): boolean {
    const constants = this.#constants;
    if (constants === undefined || sink.bytes === undefined) return false;
    // Of a counter's lines for one second a server keeps the last: the slow path adds up.
    if (this.#isStamped && kind === 'counter') return false;
    const known = this.#metrics.find(metric, name, kind, constants, this.#exports);
    if (known === undefined) return false;
    this.#templates.load(known.template);
    this.#metric = known;
    this.#kind = kind;
    this.#scale = scale;
    this.#isSum = metric.dataPointType === DataPointType.SUM;
    this.#buffer = sink.bytes(kind === 'counter' ? 'additive' : 'idempotent');
    const isDoubtful = !isNameUnique || !this.#isIdentityUnambiguous || mayOverwriteItself(known);
    this.#mayCollide = kind === 'gauge' && isDoubtful;
    if (this.#mayCollide) this.#metricIndex = this.#collisions.metricIndexOf(metric.descriptor.name);
    this.#stampSecond = Number.NaN;
    return true;
  }

  /** Writes points until one needs the slow path, and returns its index; `to` when none does. */
  write(points: readonly DataPoint<number>[], from: number, to: number): number {
    this.#next = from;
    try {
      if (this.#readAhead.isTrialDue(to - from)) {
        this.#readAhead.tryBoth(from, to, (until, ahead) => this.#writePoints(points, until, ahead));
      } else this.#writePoints(points, to, this.#readAhead.points);
    } catch {
      // Attributes or a time that throw when they are read: so they do on the slow path, which reports it.
    }
    if (this.#next < to && this.#metric !== undefined) this.#metric.hadSlowPoints = true;
    return this.#next;
  }

  /**
   * The hot loop. Each turn takes a point from its attributes to its line, and every `ahead` points it looks at so many;
   * see README.md. `#next` is the point at which it ends, by a return or an exception. False before `to`.
   */
  #writePoints(points: readonly DataPoint<number>[], to: number, ahead: number): boolean {
    const metric = this.#metric;
    const buffer = this.#buffer;
    if (metric === undefined || buffer === undefined) return false;
    const isCounter = this.#kind === 'counter';
    const isStamped = this.#isStamped;
    const isSum = this.#isSum;
    const scale = this.#scale;
    const isScaled = scale.factor !== 1;
    // The conversion of the unit leaves no noise.
    const isComputed = isSum && !isScaled;
    const mayCollide = this.#mayCollide;
    const isTagsFirst = this.#isTagsFirst;
    const separatorBytes = this.#separatorBytes;
    const { above, below, isWhole } = this.#ranges[this.#kind];
    const { trie } = metric;
    const { root } = trie;
    const arena = this.#arena;
    const { words } = arena;
    const templates = this.#templates;
    const { begin, middle, maxTagBytes } = templates;
    const maxFixedBytes = templates.fixedBytes + MAX_NUMBER_BYTES + COPY_SLACK;
    const beginWord = begin >> LENGTH_BITS;
    const beginBytes = begin & LENGTH_MASK;
    const begin0 = words[beginWord]!;
    const begin1 = words[beginWord + 1]!;
    const begin2 = words[beginWord + 2]!;
    const middle0 = words[middle >> LENGTH_BITS]!;
    const middleBytes = middle & LENGTH_MASK;
    let { end } = templates;
    let end0 = words[end >> LENGTH_BITS]!;
    const numbers = this.#numbers;
    const { input } = numbers;
    const refs = this.#refs;
    const constantBytes = metric.constants.bytes;
    const { cache } = this.#internTable;
    let { texts, textRefs, numberRefs } = cache;
    let lookAt = ahead === 0 ? to : 0;
    for (let index = this.#next; index < to; index++) {
      this.#next = index;
      if (index >= lookAt) {
        lookAt = Math.min(to, index + ahead) | 0;
        for (let place = index; place < lookAt; place++) {
          const { attributes, value } = points[place]!;
          if (typeof attributes !== 'object' || typeof value !== 'number') return false;
        }
      }
      const point = points[index]!;
      const { attributes } = point;
      let { value } = point;
      if (typeof value !== 'number' || !(value > above)) return false;
      if (typeof attributes !== 'object' || attributes === null) return false;
      if (isScaled) value = scale.of(isSum ? withoutRoundingNoise(value) : value);
      if (!(value < below && value > above)) return false;
      if (isWhole && Math.floor(value) !== value) return false;

      // 1. A reference for each attribute, and the node that knows their order.
      let node = root;
      let place = 0;
      let tagBytes = constantBytes;
      arena.resetScratch();
      for (const key in attributes) {
        // Inherited attributes are none. Here the check costs next to nothing: V8 knows the answer.
        if (!hasOwn.call(attributes, key)) return false;
        let next = node.firstChild;
        while (next !== undefined && next.key !== key) next = next.nextSibling;
        if (next === undefined) {
          next = trie.insert(node, key);
          if (next === undefined) return false;
          ({ texts, textRefs, numberRefs } = cache);
        }
        node = next;
        const interned = node.interned!;
        const attribute = attributes[key];
        let ref = 0;
        if (typeof attribute === 'string') {
          if (attribute !== '') {
            const hash = hashString(attribute, interned.a, interned.b, interned.c);
            const slot = interned.base + (hash & interned.mask);
            if (texts[slot] === attribute) ref = textRefs[slot]!;
            else if (texts[slot ^ 1] === attribute) ref = textRefs[slot ^ 1]!;
          }
        } else if (typeof attribute === 'number' && (attribute & SMALL_NUMBER_MASK) === attribute) {
          ref = numberRefs[interned.numberBase + attribute]!;
        }
        if (ref === 0) {
          // `| 0` tells V8 that the reference is an integer here, too.
          ref = interned.refOf(attribute) | 0;
          if (ref === NEEDS_SLOW_PATH) return false;
          ({ texts, textRefs, numberRefs } = cache);
        }
        refs[place++] = ref;
        tagBytes += ref & LENGTH_MASK;
      }
      const { order } = node;
      if (order === undefined || tagBytes > maxTagBytes) return false;

      // 2. Points that are not written, or not like this.
      if (isCounter) {
        // A zero adds nothing on any server.
        if (value === 0) continue;
      } else {
        if (isStamped && point.endTime[0] !== this.#stampSecond) {
          this.#setStamp(point.endTime);
          end = templates.end;
          end0 = words[end >> LENGTH_BITS]!;
        }
        if (mayCollide && !this.#hasher.isFirst(refs, order, tagBytes, this.#metricIndex)) return false;
      }

      // 3. The line.
      buffer.reserve(maxFixedBytes + tagBytes);
      const { bytes, view, position } = buffer;
      input[0] = value;
      let at = position;
      if (tagBytes === 0) {
        at = copyText(words, templates.bareBegin, view, at);
        at = numbers.writeInput(bytes, view, at, isComputed);
        at = copyText(words, templates.bareEnd, view, at);
        buffer.commit(at);
        continue;
      }
      view.setFloat64(at, begin0, true);
      view.setFloat64(at + 8, begin1, true);
      view.setFloat64(at + 16, begin2, true);
      for (let copied = 24, word = beginWord + 3; copied < beginBytes; copied += 8) {
        view.setFloat64(at + copied, words[word++]!, true);
      }
      at += beginBytes;
      if (!isTagsFirst) {
        at = numbers.writeInput(bytes, view, at, isComputed);
        view.setFloat64(at, middle0, true);
        if (middleBytes > 8) copyText(words, middle, view, at);
        at += middleBytes;
      }
      for (let tag = 0; tag < order.length; tag++) {
        const ref = refs[order[tag]!]!;
        const tagEnd = at + (ref & LENGTH_MASK);
        let word = ref >> LENGTH_BITS;
        // 32 bytes at a time: a branch that mispredicts costs more than three words. They are loaded before the stores,
        // because V8 looks at both arrays anew after each store.
        for (;;) {
          const word0 = words[word]!;
          const word1 = words[word + 1]!;
          const word2 = words[word + 2]!;
          const word3 = words[word + 3]!;
          view.setFloat64(at, word0, true);
          view.setFloat64(at + 8, word1, true);
          view.setFloat64(at + 16, word2, true);
          view.setFloat64(at + 24, word3, true);
          if (at + 32 >= tagEnd) break;
          at += 32;
          word += 4;
        }
        at = tagEnd;
      }
      // What follows takes the place of the last separator.
      at -= separatorBytes;
      if (isTagsFirst) {
        at = copyText(words, middle, view, at);
        at = numbers.writeInput(bytes, view, at, isComputed);
      }
      view.setFloat64(at, end0, true);
      if ((end & LENGTH_MASK) > 8) copyText(words, end, view, at);
      buffer.commit(at + (end & LENGTH_MASK));
    }
    this.#next = to;
    return true;
  }

  #setStamp(endTime: Instant): void {
    this.#templates.setStamp(stampOf(endTime, this.#options)?.text ?? '');
    this.#stampSecond = endTime[0];
  }
}
