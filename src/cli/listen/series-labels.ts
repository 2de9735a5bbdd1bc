// How series are named in a table. Tags that all series have are taken out; where the window is narrow, the parts of a
// label that distinguish it least are shortened first, and two series are never shown as the same text.

import { printable } from '../../runtime/printable.js';
import { cut, cutEnd } from '../text/table.js';
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

/** Characters of names and tags, and tags, that a label has; of longer ones the beginning. */
const MAX_NAME = 500;
const MAX_PAIR = 200;
const MAX_PAIRS = 50;

/** Tags that tell series of the same name apart come before those that all of them have. */
export function labelsOf(rows: readonly NamedRow[]): SeriesLabels {
  const firstTags = rows.length > 1 ? firstOf(rows[0]!.tags) : [];
  const isShared = ([key, value]: readonly [string, string]): boolean =>
    rows.every(({ tags }) => Object.hasOwn(tags, key) && tags[key] === value);
  const shared = new Set(firstTags.filter(isShared).map(pairText));
  const labels = rows.map(({ name, tags, type }) => {
    const pairs = firstOf(tags, MAX_PAIRS + 1).map((pair, at) => (at < MAX_PAIRS ? pairText(pair) : '…'));
    return { name: shortened(name, MAX_NAME), type, pairs: pairs.filter((pair) => !shared.has(pair)).sort() };
  });
  const silent = silentPairsOf(labels);
  const rank = (name: string, pair: string): number => (silent(name, pair) ? 1 : 0);
  for (const { name, pairs } of labels) pairs.sort((a, b) => rank(name, a) - rank(name, b));
  return { shared: [...shared].sort(), labels };
}

/** Without the values of the others: a series may have ten thousand tags. */
function firstOf(tags: NamedRow['tags'], most: number = MAX_PAIRS): [string, string][] {
  return Object.keys(tags)
    .slice(0, most)
    .map((key) => [key, tags[key]!]);
}

function pairText([key, value]: readonly [string, string]): string {
  return shortened(value === '' ? key : `${key}=${value}`, MAX_PAIR);
}

/** By UTF-16 code units first: splitting a long text into characters takes much longer. */
function shortened(text: string, most: number): string {
  return printable(cutEnd(text.slice(0, 2 * most + 2), most));
}

export function labelText({ name, pairs }: SeriesLabel): string {
  return pairs.length === 0 ? name : `${name}{${pairs.join(',')}}`;
}

/**
 * Texts of at most this many characters, different wherever the series are (or their types, which the table shows, too).
 * Where something must go, it is first tags that tell nothing beside the name, then the middle of what all names with
 * the same beginning have, then the middle of keys, and last that of what differs.
 */
export function fitLabels(labels: readonly SeriesLabel[], width: number): string[] {
  const texts = labels.map(labelText);
  if (texts.every((text) => lengthOf(text) <= width)) return numbered(labels, texts, width);
  const fitted = fitTogether(labels, width);
  for (const same of collisions(labels, fitted)) {
    // Among themselves they differ in other parts than among all.
    const again = fitTogether(
      same.map((at) => labels[at]!),
      width,
    );
    for (const [index, at] of same.entries()) fitted[at] = again[index]!;
  }
  return numbered(labels, fitted, width);
}

interface Part {
  text: string;
  /** Before it: nothing, `.`, `{`, `,` or `=`. */
  readonly separator: string;
  /** Parts of the lowest rank are shortened first. */
  readonly rank: number;
}

/** Ranks: segments that all names with the same beginning have; keys; segments and values that differ. */
const COMMON = 0;
const KEY = 1;
const TELLING = 2;

/** Of a part that is shortened, by its rank: its ends and an ellipsis; in very little room the ellipsis alone. */
const LEAST_LENGTHS: readonly (readonly number[])[] = [
  [5, 3, 5],
  [1, 1, 3],
];

function fitTogether(labels: readonly SeriesLabel[], width: number): string[] {
  const branches = branchesOf(labels.map(({ name }) => name));
  const silent = silentPairsOf(labels);
  return labels.map((label) => {
    const pairs = [...label.pairs];
    for (let excess = lengthOf(labelText(label)) - width; excess > 0; ) {
      if (!silent(label.name, pairs.at(-1))) break;
      // With the comma before it.
      excess -= lengthOf(pairs.pop()!) + 1;
    }
    const parts = [...nameParts(label.name, branches), ...pairParts(pairs)];
    if (pairs.length < label.pairs.length) {
      parts.push({ separator: pairs.length === 0 ? '{' : ',', text: '…', rank: TELLING });
    }
    const textOf = (): string =>
      parts.map(({ separator, text }) => separator + text).join('') + (label.pairs.length > 0 ? '}' : '');
    let excess = lengthOf(textOf()) - width;
    const inTurn = [...parts].sort((a, b) => a.rank - b.rank || b.text.length - a.text.length);
    for (const least of LEAST_LENGTHS) {
      for (const part of inTurn) {
        if (excess <= 0) break;
        const length = lengthOf(part.text);
        part.text = cut(part.text, Math.max(Math.min(least[part.rank] ?? 1, length), length - excess));
        excess -= length - lengthOf(part.text);
      }
    }
    return cut(textOf(), width);
  });
}

/** Adjacent segments that say nothing new are one part, so that they are shortened in their middle. */
function nameParts(name: string, branches: ReadonlyMap<string, number>): Part[] {
  const parts: { text: string; separator: string; rank: number }[] = [];
  let prefix = '';
  for (const [index, segment] of segmentsOf(name).entries()) {
    const last = parts.at(-1);
    const rank = (branches.get(prefix) ?? 1) > 1 ? TELLING : COMMON;
    if (last !== undefined && rank === COMMON && last.rank === COMMON) last.text += `.${segment}`;
    else parts.push({ text: segment, separator: index === 0 ? '' : '.', rank });
    prefix += `.${segment}`;
  }
  return parts;
}

function pairParts(pairs: readonly string[]): Part[] {
  return pairs.flatMap((pair, index): Part[] => {
    const at = pair.indexOf('=');
    const separator = index === 0 ? '{' : ',';
    if (at < 0) return [{ text: pair, separator, rank: TELLING }];
    return [
      { text: pair.slice(0, at), separator, rank: KEY },
      { text: pair.slice(at + 1), separator: '=', rank: TELLING },
    ];
  });
}

/** Names with more segments have the rest in the last one. */
const MAX_SEGMENTS = 30;

function segmentsOf(name: string): string[] {
  const segments = name.split('.');
  return segments.length <= MAX_SEGMENTS
    ? segments
    : [...segments.slice(0, MAX_SEGMENTS - 1), segments.slice(MAX_SEGMENTS - 1).join('.')];
}

/** How many different segments follow a beginning of names. */
function branchesOf(names: readonly string[]): Map<string, number> {
  const entries = names.flatMap((name) => {
    let prefix = '';
    return segmentsOf(name).map((segment): [string, string] => {
      const entry: [string, string] = [prefix, segment];
      prefix += `.${segment}`;
      return entry;
    });
  });
  return countDistinct(entries);
}

/** Whether all series of a name have a pair: it does not tell them apart. */
function silentPairsOf(labels: readonly SeriesLabel[]): (name: string, pair: string | undefined) => boolean {
  const sizes = countValues(labels.map(({ name }) => name));
  const counts = countValues(labels.flatMap(({ name, pairs }) => pairs.map((pair) => `${name} ${pair}`)));
  return (name, pair) => pair !== undefined && counts.get(`${name} ${pair}`) === sizes.get(name);
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

/** Numbers texts that are still the same: `~2`. Thousands may be: each search begins where the last one has ended. */
function numbered(labels: readonly SeriesLabel[], texts: readonly string[], width: number): string[] {
  const used = new Set<string>();
  const nextNumbers = new Map<string, number>();
  return texts.map((text, at) => {
    const keyed = (candidate: string): string => `${labels[at]?.type} ${candidate}`;
    let candidate = text;
    let number = 2;
    while (used.has(keyed(candidate))) {
      const digits = String(number).length;
      const beginning = cut(text, Math.max(0, width - 1 - digits));
      const key = `${digits} ${keyed(beginning)}`;
      number = nextNumbers.get(key) ?? number;
      nextNumbers.set(key, number + 1);
      if (String(number).length === digits) candidate = `${beginning}~${number}`;
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
