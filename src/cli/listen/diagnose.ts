// How the server of a dialect reads a line, in words: whether it drops it, and whether it reads it as it was meant.

import type { Dialect } from '../../mapping/dialects/dialect.js';
import { dialects } from '../../mapping/dialects/index.js';
import { parseLine, type Sample } from '../../mapping/lines/parse-line.js';
import { beginWithLetter } from '../../mapping/naming/legal-name.js';
import { shortNumber } from '../text/numbers.js';

export interface Diagnosis {
  /** Empty when the line is malformed. */
  readonly samples: readonly Sample[];
  /** The server drops it. */
  readonly isMalformed: boolean;
  /** Sentences without full stops; empty for a good line. */
  readonly problems: readonly string[];
}

export function diagnose(line: string, dialect: Dialect): Diagnosis {
  const parsed = parseLine(line, dialect);
  if ('reason' in parsed) {
    return { samples: [], isMalformed: true, problems: [malformedText(line, parsed.reason, dialect)] };
  }
  const { samples } = parsed;
  const problems = new Set(lineProblems(line, samples, dialect));
  // Some sixteen thousand values fit into a line.
  for (const sample of samples) addSampleProblems(sample, dialect, problems);
  return { samples, isMalformed: false, problems: [...problems] };
}

/** Longer malformed lines are not compared with the other dialects, which takes some twenty times as long. */
const LONGEST_COMPARED = 2_000;

function malformedText(line: string, reason: string, dialect: Dialect): string {
  if (line.endsWith('\r')) return 'it ends in a carriage return: lines end in \\n alone';
  if (line.length > LONGEST_COMPARED) return reason;
  const readers = Object.values(dialects)
    .filter(({ name }) => name !== dialect.name)
    .filter((other) => 'samples' in parseLine(line, other))
    .map(({ name }) => name);
  return readers.length === 0 ? reason : `${reason}; it is a line for ${someOf(readers)}`;
}

function* lineProblems(line: string, samples: readonly Sample[], dialect: Dialect): Generator<string> {
  const { name: server, limits, illegal } = dialect;
  const bytes = Buffer.byteLength(line);
  if (bytes > limits.lineBytes) {
    yield `it is ${bytes} bytes long; ${server} takes ${limits.lineBytes}`;
  }
  const [first] = samples;
  if (first === undefined) return;
  const { name, tags } = first;
  if (name.length > limits.nameLength) {
    yield `the name has ${name.length} characters; ${server} takes ${limits.nameLength}`;
  }
  yield* illegalText('the name', name, illegal.name, server);
  yield* illegalBeginning('the name', name, dialect);
  for (const [key, value] of Object.entries(tags)) {
    if (key.length + value.length + 1 > limits.tagLength) {
      yield `the tag ${key} has ${key.length + value.length + 1} characters; ${server} takes ${limits.tagLength}`;
    }
    yield* illegalText('the tag key', key, illegal.tagKey, server);
    yield* illegalBeginning('the tag key', key, dialect);
    yield* illegalText(`the tag ${key}`, value, illegal.tagValue, server);
  }
}

function* illegalText(what: string, text: string, illegal: RegExp, server: string): Generator<string> {
  const found = [...new Set(text.match(illegal) ?? [])];
  if (found.length > 0) {
    yield `${what} holds ${found.map((each) => JSON.stringify(each)).join(' and ')}, which ${server} does not keep`;
  }
}

function* illegalBeginning(what: string, text: string, dialect: Dialect): Generator<string> {
  if (text !== '' && beginWithLetter(text, dialect) !== text) {
    yield `${what} ${JSON.stringify(text)} does not begin with a letter, as ${dialect.name} requires`;
  }
}

function addSampleProblems(
  { type, value, sampleRate }: Sample,
  dialect: Dialect,
  problems: Set<string>,
): void {
  const { name: server, limits, samples } = dialect;
  if (type !== '' && !dialect.acceptedTypes.includes(type)) {
    problems.add(
      `the type ${type} ${dialect.misreadTypes?.[type] ?? 'is not known there, and the line is dropped'}`,
    );
  }
  if (typeof value !== 'number') return;
  if (type === 'c') {
    if (value < 0 && !dialect.negativeCounter) problems.add(`${server} drops a counter below zero`);
    if (Math.abs(value) >= limits.counter) {
      problems.add(`${shortNumber(value)} is more than a counter of ${server} holds`);
    }
    if (decimalsOf(value) > dialect.counterDecimals) {
      const kept = dialect.counterDecimals === 0 ? 'whole numbers' : `${dialect.counterDecimals} decimals`;
      problems.add(`${value} is cut: ${server} counts in ${kept}`);
    }
  } else if (type === 'g') {
    if (Math.abs(value) >= limits.gauge) {
      problems.add(`${shortNumber(value)} is more than a gauge of ${server} holds`);
    }
  } else if (type !== '') {
    if (value < 0 && !samples.negative) {
      problems.add(`${server} drops a value below zero in a timer or histogram`);
    }
    const weight = 1 / sampleRate;
    if (weight > 1 && samples.rate === 'none') {
      problems.add(`${server} makes wrong numbers of a timer with a sample rate`);
    } else if (weight > samples.maxWeight * (1 + Number.EPSILON)) {
      problems.add(
        `one value stands for ${shortNumber(weight)} recordings; ${server} counts at most ${samples.maxWeight}`,
      );
    }
  }
}

function decimalsOf(value: number): number {
  return String(value).split('.')[1]?.length ?? 0;
}

/** `a`, `a and b`, `a, b and 4 more`. */
function someOf(names: readonly string[]): string {
  if (names.length <= 2) return names.join(' and ');
  return `${names.slice(0, 2).join(', ')} and ${names.length - 2} more`;
}
