// Counters and gauges as bytes: the way that nearly all points go. A point is plain when nothing has to be
// remembered of its series and each attribute becomes one tag; all others are for the general way, which says the
// same of plain ones (test/property/plain-lines.test.ts).

import type { DataPoint, MetricData } from '@opentelemetry/sdk-metrics';
import type { MappingOptions } from '../context.js';
import type { GaugesSent } from '../gauges-sent.js';
import type { LineBuffer, LineSink } from '../lines.js';
import type { Instant } from '../series-state.js';
import { stampOf } from '../stamps.js';
import type { Tag } from '../tags.js';
import { MAX_ATTRIBUTES, MAX_CONSTANT_TAGS, ShapeTree } from './attribute-shapes.js';
import { ByteSlab, COPY_SLACK, copyText, LENGTH_MASK, WORDS_ARE_SAFE } from './byte-slab.js';
import { GaugeSeries } from './gauge-series.js';
import { LineFrame, type PlainKind } from './line-frame.js';
import { TagDictionary } from './tag-dictionary.js';
import { NOT_PLAIN, SMALL_NUMBERS_MASK } from './tag-key.js';
import { slotOf } from './text-slots.js';
import { MAX_NUMBER_BYTES, NumberWriter } from './write-number.js';

const hasOwn = Object.prototype.hasOwnProperty;

const encoder = new TextEncoder();

export class PlainLines {
  readonly #options: MappingOptions;
  readonly #gaugesSent: GaugesSent;
  readonly #numbers = new NumberWriter();
  readonly #slab = new ByteSlab();
  readonly #frame: LineFrame;
  readonly #isStamped: boolean;
  readonly #separatorBytes: number;
  readonly #series: GaugeSeries;

  #constantTags: readonly Tag[] = [];
  #dictionary: TagDictionary;
  /** By descriptor, which the SDK keeps for as long as the instrument lives. */
  #trees = new WeakMap<MetricData['descriptor'], ShapeTree>();
  /** Texts of the attributes of a point, then of the constant tags. */
  readonly #refs = new Int32Array(MAX_ATTRIBUTES + MAX_CONSTANT_TAGS);
  #constantBytes = 0;
  #canWrite = false;

  #tree: ShapeTree | undefined;
  #kind: PlainKind = 'counter';
  #buffer: LineBuffer | undefined;
  #owner = 0;
  #stampSecond = Number.NaN;

  constructor(options: MappingOptions, gaugesSent: GaugesSent) {
    const { dialect, timestamps } = options;
    this.#options = options;
    this.#gaugesSent = gaugesSent;
    this.#frame = new LineFrame(options, this.#slab);
    this.#dictionary = new TagDictionary(dialect, this.#slab);
    this.#separatorBytes = encoder.encode(dialect.tags.separator).length;
    this.#series = new GaugeSeries(dialect.tags, this.#frame, this.#slab, gaugesSent);
    this.#isStamped = dialect.timestamps === 'required' || (dialect.timestamps === 'optional' && timestamps);
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
    this.#dictionary = new TagDictionary(this.#options.dialect, this.#slab);
    this.#trees = new WeakMap();
    this.#constantTags = constantTags;
    this.#constantBytes = 0;
    this.#canWrite = WORDS_ARE_SAFE && constantTags.length <= MAX_CONSTANT_TAGS;
    if (!this.#canWrite) return;
    for (const [index, [key, value]] of constantTags.entries()) {
      const { ref, isKept } = this.#dictionary.renderLegal(key, value, true);
      if (!isKept) this.#canWrite = false;
      this.#refs[MAX_ATTRIBUTES + index] = ref;
      this.#constantBytes += ref & LENGTH_MASK;
    }
  }

  /** Prepares for the points of a metric; false when none of them is plain. */
  beginMetric(name: string, metric: MetricData, kind: PlainKind, sink: LineSink): boolean {
    if (!this.#canWrite || sink.bytes === undefined) return false;
    // What a server keeps of a counter's second is the last line of it: the general way adds up.
    if (this.#isStamped && kind === 'counter') return false;
    if (!this.#frame.set(name, kind)) return false;
    const { descriptor } = metric;
    let tree = this.#trees.get(descriptor);
    if (tree === undefined) {
      tree = new ShapeTree(this.#constantTags, this.#dictionary);
      this.#trees.set(descriptor, tree);
    }
    this.#tree = tree;
    this.#kind = kind;
    this.#buffer = sink.bytes(kind === 'counter' ? 'additive' : 'idempotent');
    if (kind === 'gauge') this.#owner = this.#gaugesSent.ownerOf(descriptor.name);
    this.#stampSecond = Number.NaN;
    return true;
  }

  /** Writes points until one is not plain, and answers its index; `to` when all were. */
  write(points: readonly DataPoint<number>[], from: number, to: number): number {
    const tree = this.#tree;
    const buffer = this.#buffer;
    if (tree === undefined || buffer === undefined) return from;
    const { counterDecimals, limits, negativeGauge } = this.#options.dialect;
    const isCounter = this.#kind === 'counter';
    const high = isCounter ? limits.counter : limits.gauge;
    // No number is between 0 and this.
    const low = !isCounter && negativeGauge === 'absolute' ? -high : -Number.MIN_VALUE;
    const isWhole = isCounter && counterDecimals !== Infinity;
    const isStamped = this.#isStamped;
    const tagsFirst = this.#options.dialect.tags.place !== 'end';
    const separatorBytes = this.#separatorBytes;
    const constantBytes = this.#constantBytes;
    const frame = this.#frame;
    const numbers = this.#numbers;
    const refs = this.#refs;
    const { words } = this.#slab;
    const { root } = tree;
    let index = from;
    try {
      for (; index < to; index++) {
        const point = points[index]!;
        const { attributes, value } = point;
        if (typeof value !== 'number' || !(value < high && value > low)) return index;
        if (isWhole && !Number.isInteger(value)) return index;
        let shape = root;
        let count = 0;
        let tagBytes = constantBytes;
        for (const key in attributes) {
          // Inherited attributes are none. In this place the check costs next to nothing: V8 knows the answer.
          if (!hasOwn.call(attributes, key)) return index;
          let next = shape.firstChild;
          while (next !== undefined && next.key !== key) next = next.sibling;
          if (next === undefined) {
            next = tree.grow(shape, key);
            if (next === undefined) return index;
          }
          shape = next;
          const { tagKey } = shape;
          const attribute = attributes[key];
          let ref = 0;
          if (typeof attribute === 'string' && attribute !== '') {
            const slot = slotOf(attribute, tagKey.a, tagKey.b, tagKey.c, tagKey.mask);
            if (tagKey.texts[slot] === attribute) ref = tagKey.textRefs[slot]!;
          } else if (typeof attribute === 'number' && (attribute & SMALL_NUMBERS_MASK) === attribute) {
            ref = tagKey.numberRefs[attribute]!;
          }
          if (ref === 0) ref = tagKey.refOf(attribute);
          if (ref === NOT_PLAIN) return index;
          refs[count++] = ref;
          tagBytes += ref & LENGTH_MASK;
        }
        const { order } = shape;
        if (order === undefined || tagBytes > frame.maxTagBytes) return index;
        if (isStamped && point.endTime[0] !== this.#stampSecond) this.#stamp(point.endTime);
        if (isCounter) {
          // A zero adds nothing on any server.
          if (value === 0) continue;
        } else if (!this.#series.isFirst(order, refs, tagBytes, this.#owner)) return index;

        buffer.reserve(frame.bytes + tagBytes + MAX_NUMBER_BYTES + COPY_SLACK);
        const { bytes, view } = buffer;
        let at = buffer.position;
        numbers.input[0] = value;
        if (tagBytes === 0) {
          at = copyText(words, frame.bareBegin, view, at);
          at = numbers.writeInput(bytes, at);
          at = copyText(words, frame.bareEnd, view, at);
        } else {
          at = copyText(words, frame.begin, view, at);
          if (!tagsFirst) {
            at = numbers.writeInput(bytes, at);
            at = copyText(words, frame.middle, view, at);
          }
          for (let place = 0; place < order.length; place++)
            at = copyText(words, refs[order[place]!]!, view, at);
          // What follows stands in place of the last separator.
          at -= separatorBytes;
          if (tagsFirst) {
            at = copyText(words, frame.middle, view, at);
            at = numbers.writeInput(bytes, at);
          }
          at = copyText(words, frame.end, view, at);
        }
        buffer.commit(at);
      }
    } catch {
      // Attributes that throw when they are read: the general way finds so, too, and says it.
    }
    return index;
  }

  #stamp(endTime: Instant): void {
    this.#frame.stamp(stampOf(endTime, this.#options)?.text ?? '');
    this.#stampSecond = endTime[0];
  }
}
