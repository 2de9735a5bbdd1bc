// Reads a line by the rules of its dialect. The parser is strict where servers differ, so that a line it accepts means
// the same to all servers of the dialect.

import type { Dialect, StatsdType } from '../dialects/dialect.js';
import { type LineSyntax, lineSyntaxOf } from './line-syntax.js';

/** One observation, as a line puts it. */
export interface Sample {
  /** With the attributes that the dialect folds into it. */
  readonly name: string;
  readonly tags: Readonly<Record<string, string>>;
  /** Empty where lines have no type. */
  readonly type: StatsdType | '';
  /** A text for a member of a set. */
  readonly value: number | string;
  /** True for a gauge that is added to what the server has. */
  readonly isRelative: boolean;
  /** Above 0, at most 1; 1 when the line has none. */
  readonly sampleRate: number;
  /** Seconds since 1970. */
  readonly timestamp: number | undefined;
}

/** `name`, or `name{key=value,…}` with sorted keys. */
export function seriesOf({ name, tags }: Pick<Sample, 'name' | 'tags'>): string {
  const keys = Object.keys(tags).sort();
  return keys.length === 0 ? name : `${name}{${keys.map((key) => `${key}=${tags[key]}`).join(',')}}`;
}

/** `seriesOf` that remembers the last sample: those of one line have the same tags, which may be many. */
export function seriesReader(): (sample: Sample) => string {
  let last: Sample | undefined;
  let series = '';
  return (sample) => {
    if (last === undefined || sample.tags !== last.tags || sample.name !== last.name)
      series = seriesOf(sample);
    last = sample;
    return series;
  };
}

export type ParsedLine = { readonly samples: readonly Sample[] } | { readonly reason: string };

const TYPES: readonly string[] = ['c', 'g', 'ms', 'h', 'd', 's'] satisfies StatsdType[];

function isType(text: string): text is StatsdType {
  return TYPES.includes(text);
}

/**
 * @param line without its newline
 * @returns one sample or several, or the reason why there is none
 */
export function parseLine(line: string, dialect: Dialect): ParsedLine {
  try {
    return {
      samples: dialect.line === 'statsd' ? readStatsd(line, dialect) : [readPlaintext(line, dialect)],
    };
  } catch (error) {
    if (error instanceof Unreadable) return { reason: error.reason };
    throw error;
  }
}

/** No Error: its stack trace takes longer than reading the line. */
class Unreadable {
  readonly reason: string;

  constructor(reason: string) {
    this.reason = reason;
  }
}

function readStatsd(line: string, dialect: Dialect): Sample[] {
  if (/\p{Cc}/u.test(line)) throw new Unreadable('it holds a control character');
  const syntax = lineSyntaxOf(dialect);
  const { beforeNumber } = syntax;
  const colon = line.indexOf(beforeNumber);
  if (colon < 0) throw new Unreadable(`there is no "${beforeNumber}" between name and value`);
  const { name, tags } = readHead(line.slice(0, colon), syntax);
  const { body, tail } = splitTags(line.slice(colon + beforeNumber.length), syntax);
  const allTags = { ...tags, ...readTags(tail, syntax) };

  const samples: Sample[] = [];
  for (const piece of piecesOf(body, dialect)) {
    const [values, type, ...sections] = piece.split('|') as [string, ...string[]];
    if (type === undefined) throw new Unreadable(`"${piece}" has no type: there is no "|" after the value`);
    if (!isType(type)) throw new Unreadable(`there is no type "${type}"`);
    const extras = readSections(sections, dialect);
    const packed = dialect.samples.packed && type !== 's' ? values.split(':') : [values];
    for (const text of packed) {
      const value = type === 's' ? text : readNumber(text, 'value');
      const isRelative = type === 'g' && dialect.negativeGauge !== 'absolute' && /^[+-]/.test(text);
      samples.push({ name, tags: allTags, type, value, isRelative, ...extras });
    }
  }
  return samples;
}

/** `path value timestamp`. */
function readPlaintext(line: string, dialect: Dialect): Sample {
  const syntax = lineSyntaxOf(dialect);
  const tokens = line.split(syntax.beforeNumber);
  if (tokens.length !== 3) {
    throw new Unreadable(`it should be a path, a value and a time, but has ${tokens.length} parts`);
  }
  const [path, value, time] = tokens as [string, string, string];
  return {
    ...readHead(path, syntax),
    type: '',
    value: readNumber(value, 'value'),
    isRelative: false,
    sampleRate: 1,
    timestamp: readNumber(time, 'time'),
  };
}

/** Name and, if that is where they stand, tags. */
function readHead(head: string, syntax: LineSyntax): Pick<Sample, 'name' | 'tags'> {
  const { tagPlace, beforeTags, afterTags } = syntax;
  const at = tagPlace === 'name' ? head.indexOf(beforeTags) : -1;
  const name = at < 0 ? head : head.slice(0, at);
  if (name === '') throw new Unreadable('there is no name');
  const tagText = at < 0 ? '' : head.slice(at + beforeTags.length);
  if (at >= 0 && !tagText.endsWith(afterTags)) {
    throw new Unreadable(`there is no "${afterTags}" after the tags`);
  }
  return { name, tags: readTags(tagText.slice(0, tagText.length - afterTags.length), syntax) };
}

/** Removes the tag section from the text after the name. Further sections may follow the tags. */
function splitTags(text: string, { tagPlace, beforeTags }: LineSyntax): { body: string; tail: string } {
  const at = tagPlace === 'end' ? text.indexOf(beforeTags) : -1;
  if (at < 0) return { body: text, tail: '' };
  const tagText = text.slice(at + beforeTags.length);
  const end = tagText.indexOf('|');
  return end < 0
    ? { body: text.slice(0, at), tail: tagText }
    : { body: text.slice(0, at) + tagText.slice(end), tail: tagText.slice(0, end) };
}

function readTags(text: string, { assign, separator }: LineSyntax): Record<string, string> {
  if (text === '') return {};
  return Object.fromEntries(
    text.split(separator).map((tag): [string, string] => {
      const at = tag.indexOf(assign);
      return at < 0 ? [tag, ''] : [tag.slice(0, at), tag.slice(at + assign.length)];
    }),
  );
}

/** `1|c:2|c` holds two observations, where colons do not separate packed values. */
function piecesOf(body: string, { samples }: Dialect): string[] {
  return samples.packed || /^[^|]*\|s(?:$|\|)/.test(body) ? [body] : body.split(':');
}

function readSections(
  sections: readonly string[],
  { name, timestamps, originFields }: Dialect,
): Pick<Sample, 'sampleRate' | 'timestamp'> {
  let sampleRate = 1;
  let timestamp: number | undefined;
  for (const section of sections) {
    if (section.startsWith('@')) {
      sampleRate = readNumber(section.slice(1), 'sample rate');
      if (!(sampleRate > 0 && sampleRate <= 1)) {
        throw new Unreadable(`the sample rate ${section.slice(1)} is not between 0 and 1`);
      }
    } else if (section.startsWith('T') && timestamps === 'optional') {
      timestamp = readNumber(section.slice(1), 'time');
    } else if (!originFields?.some((field) => section.startsWith(`${field}:`))) {
      throw new Unreadable(`a line for ${name} has no section "${section}"`);
    }
  }
  return { sampleRate, timestamp };
}

/** Digits and at most one point; anything else is a different number to some server. */
function readNumber(text: string, what: string): number {
  if (!/^[+-]?[0-9]+(?:\.[0-9]+)?$/.test(text)) {
    throw new Unreadable(`the ${what} "${text}" is not a plain decimal number`);
  }
  const number = Number(text);
  if (!Number.isFinite(number)) throw new Unreadable(`the ${what} is larger than any number: ${text}`);
  return number;
}
