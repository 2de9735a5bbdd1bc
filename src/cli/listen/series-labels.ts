// How series are named in a table. Tags that all series have are taken out; where the window is narrow, the parts of a
// label that distinguish it least are shortened first, and two series are never shown as the same text.

import { printable } from '../../runtime/printable.js';
import { cut } from '../text/table.js';
import type { SeriesRow } from './series-table.js';

export interface SeriesLabel {
  readonly name: string;
  /** `key=value`, or the key alone for a tag without a value. */
  readonly pairs: readonly string[];
  readonly type: string;
}

export interface SeriesLabels {
  /** Tags of every series; empty when there is one series only. */
  readonly shared: readonly string[];
  readonly labels: readonly SeriesLabel[];
}

type NamedRow = Pick<SeriesRow, 'name' | 'tags' | 'type'>;

/** Tags with several values come before those that some series lack. */
export function labelsOf(rows: readonly NamedRow[]): SeriesLabels {
  const pairsOf = rows.map(({ tags }) =>
    Object.entries(tags).map(
      ([key, value]) => [key, printable(value === '' ? key : `${key}=${value}`)] as const,
    ),
  );
  const counts = countValues(pairsOf.flat().map(([, pair]) => pair));
  const values = countDistinct(pairsOf.flat());
  const isShared = (pair: string): boolean => rows.length > 1 && counts.get(pair) === rows.length;
  const labels = rows.map(({ name, type }, at) => ({
    name: printable(name),
    type,
    pairs: (pairsOf[at] ?? [])
      .filter(([, pair]) => !isShared(pair))
      .sort(([a], [b]) => (values.get(b) ?? 0) - (values.get(a) ?? 0) || (a < b ? -1 : 1))
      .map(([, pair]) => pair),
  }));
  return { shared: [...counts.keys()].filter(isShared).sort(), labels };
}

export function labelText({ name, pairs }: SeriesLabel): string {
  return pairs.length === 0 ? name : `${name}{${pairs.join(',')}}`;
}

/** Texts of at most this many characters, different wherever the series are (or their types, which are shown, too). */
export function fitLabels(labels: readonly SeriesLabel[], width: number): string[] {
  const texts = labels.map(labelText);
  if (texts.every((text) => lengthOf(text) <= width)) return distinct(labels, texts, width);
  const fitted = fitTogether(labels, width, LEAST_LENGTH);
  for (const same of collisions(labels, fitted)) {
    // Among themselves they differ in other parts than among all.
    const again = fitTogether(
      same.map((at) => labels[at]!),
      width,
      1,
    );
    for (const [index, at] of same.entries()) fitted[at] = again[index]!;
  }
  return distinct(labels, fitted, width);
}

/** Of a part that is shortened as far as it makes sense: its ends and an ellipsis. */
const LEAST_LENGTH = 5;

interface Part {
  text: string;
  /** How many different values there are among the labels. */
  readonly variety: number;
  /** Before it: nothing, `.`, `{` or `,`. */
  readonly separator: string;
}

function fitTogether(labels: readonly SeriesLabel[], width: number, least: number): string[] {
  const variety = varietyOf(labels);
  return labels.map((label) => {
    const parts = partsOf(label, variety);
    const end = label.pairs.length > 0 ? '}' : '';
    const textOf = (): string => parts.map(({ separator, text }) => separator + text).join('') + end;
    let excess = lengthOf(textOf()) - width;
    for (const part of [...parts].sort(
      (a, b) => a.variety - b.variety || lengthOf(b.text) - lengthOf(a.text),
    )) {
      if (excess <= 0) break;
      const length = lengthOf(part.text);
      part.text = cut(part.text, Math.max(Math.min(least, length), length - excess));
      excess -= length - lengthOf(part.text);
    }
    return cut(textOf(), width);
  });
}

/** Adjacent segments of the name that all labels share are one part, so that they are shortened in their middle. */
function partsOf({ name, pairs }: SeriesLabel, variety: Variety): Part[] {
  const parts: Part[] = [];
  for (const [index, segment] of name.split('.').entries()) {
    const last = parts.at(-1);
    const own = variety.segments[index] ?? 1;
    if (last !== undefined && own === 1 && last.variety === 1) last.text += `.${segment}`;
    else parts.push({ text: segment, variety: own, separator: index === 0 ? '' : '.' });
  }
  for (const [index, pair] of pairs.entries()) {
    parts.push({
      text: pair,
      variety: variety.pairs.get(keyOf(pair)) ?? 1,
      separator: index === 0 ? '{' : ',',
    });
  }
  return parts;
}

interface Variety {
  /** By the position in the name. */
  readonly segments: readonly number[];
  /** By the key of the tag. */
  readonly pairs: ReadonlyMap<string, number>;
}

function varietyOf(labels: readonly SeriesLabel[]): Variety {
  const names = labels.map(({ name }) => name.split('.'));
  const longest = names.reduce((most, { length }) => Math.max(most, length), 0);
  const segments = Array.from(
    { length: longest },
    (_, index) => new Set(names.map((segments) => segments[index])).size,
  );
  return {
    segments,
    pairs: countDistinct(labels.flatMap(({ pairs }) => pairs.map((pair) => [keyOf(pair), pair]))),
  };
}

function keyOf(pair: string): string {
  return pair.split('=', 1)[0] ?? pair;
}

/** Positions of labels with the same text and type, by text. */
function collisions(labels: readonly SeriesLabel[], texts: readonly string[]): number[][] {
  const byText = new Map<string, number[]>();
  for (const [at, text] of texts.entries()) {
    const key = `${labels[at]?.type} ${text}`;
    const same = byText.get(key);
    if (same === undefined) byText.set(key, [at]);
    else same.push(at);
  }
  return [...byText.values()].filter(({ length }) => length > 1);
}

/** Numbers texts that are still the same: `~2`. */
function distinct(labels: readonly SeriesLabel[], texts: readonly string[], width: number): string[] {
  const used = new Set<string>();
  return texts.map((text, at) => {
    const keyed = (candidate: string): string => `${labels[at]?.type} ${candidate}`;
    let candidate = text;
    for (let number = 2; used.has(keyed(candidate)) && number <= texts.length + 1; number += 1) {
      candidate = `${cut(text, Math.max(0, width - 1 - String(number).length))}~${number}`;
    }
    used.add(keyed(candidate));
    return candidate;
  });
}

function countValues(texts: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return counts;
}

function countDistinct(entries: readonly (readonly [key: string, value: string])[]): Map<string, number> {
  const values = new Map<string, Set<string>>();
  for (const [key, value] of entries) {
    const known = values.get(key);
    if (known === undefined) values.set(key, new Set([value]));
    else known.add(value);
  }
  return new Map([...values].map(([key, { size }]) => [key, size]));
}

function lengthOf(text: string): number {
  return [...text].length;
}
