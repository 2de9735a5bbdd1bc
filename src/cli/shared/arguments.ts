// Reads command lines with node:util, with messages that say what to do.

import { type ParseArgsConfig, parseArgs } from 'node:util';
import type { Dialect } from '../../mapping/dialects/dialect.js';
import { dialects, isDialectName } from '../../mapping/dialects/index.js';
import { didYouMean } from '../../runtime/did-you-mean.js';
import { UsageError } from './io.js';

type ParseArgsOptionsConfig = NonNullable<ParseArgsConfig['options']>;

type Parsed<T extends ParseArgsOptionsConfig> = ReturnType<
  typeof parseArgs<{ options: T; allowPositionals: true }>
>;

/** Throws a UsageError for unknown options, missing values and too many words. */
export function readArguments<T extends ParseArgsOptionsConfig>(
  args: readonly string[],
  options: T,
  maxPositionals: number,
): Parsed<T> {
  const parsed = parse(args, options);
  const extra = parsed.positionals[maxPositionals];
  if (extra !== undefined) throw new UsageError(`there is one argument too many: ${extra}`);
  return parsed;
}

function parse<T extends ParseArgsOptionsConfig>(args: readonly string[], options: T): Parsed<T> {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw new UsageError(parseErrorText(error, args, Object.keys(options)));
  }
}

function parseErrorText(error: unknown, args: readonly string[], known: readonly string[]): string {
  const message = error instanceof Error ? error.message : String(error);
  const unknown = /^Unknown option '(-+)([^']*)'/.exec(message);
  if (unknown === null) {
    // "Option '-d, --dialect <value>' argument missing": what follows the first sentence is about option syntax.
    return message.split(/\.\s|\n/)[0] ?? message;
  }
  const [, dashes = '', name = ''] = unknown;
  const written = args.find((arg) => arg.startsWith(`${dashes}${name}`))?.split('=')[0] ?? `${dashes}${name}`;
  return `there is no option ${written}${didYouMean(name, known, '--')}`;
}

export function dialectNamed(text: string): Dialect {
  const name = text.toLowerCase();
  if (isDialectName(name)) return dialects[name];
  const names = Object.keys(dialects);
  throw new UsageError(
    `there is no dialect "${text}"${didYouMean(name, names)}\nThe dialects are ${names.join(', ')}.`,
  );
}

/** A number above zero, whole if `whole` is set. */
export function positiveNumber(
  option: string,
  text: string | undefined,
  { whole }: { whole: boolean },
): number | undefined {
  if (text === undefined) return undefined;
  const value = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (value > 0 && (!whole || Number.isSafeInteger(value))) return value;
  throw new UsageError(`--${option} takes a ${whole ? 'whole ' : ''}number above 0, not "${text}"`);
}
