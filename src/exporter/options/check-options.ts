// Tables of options: one row per option says how its value is checked, what its default is and which environment
// variables set it. The exporter and the cluster classes share the checks; every fault is reported at once.

import { didYouMean } from '../../runtime/did-you-mean.js';
import { type Check, isRecord } from './checks.js';
import { ConfigError, type ConfigFault, describeValue } from './config-error.js';

type Options = Readonly<Record<string, unknown>>;

export interface OptionRow<Value = unknown> {
  /** What a value must be; with `options`, what a value that is not an object must be. */
  readonly check?: Check;
  /** The rows of an object value. */
  readonly options?: Readonly<Record<string, OptionRow>>;
  /** What each item of a list, or each value of an object, must be; `check` is for the whole. */
  readonly items?: Check;
  /** True when messages must not quote the value. */
  readonly isSecret?: boolean;
  readonly isRequired?: boolean;
  /** Absent when the default depends on other options, or when there is none. */
  readonly default?: Value;
  /** The variables that set the option, strongest first, each with how it is read. */
  readonly variables?: Readonly<Record<string, VariableReader>>;
  /** Options that must not be given beside this one. Of several rows only the first given one counts. */
  readonly excludes?: readonly string[];
  /** What is wrong, when the value does not go with the other options. */
  readonly conflict?: (options: Options) => string | undefined;
}

export interface VariableReader {
  /** The option's value that the text stands for; it is checked as the option is. `reject` leaves out a part of a list. */
  read(text: string, reject: (part: string, expected: string) => void): unknown;
  /** For variables that take fewer values than the option. */
  readonly check?: Check;
  /** How the variable is written, for the documentation. */
  readonly format?: string;
}

/** A row for every option of `T`, so that an option without a check does not compile. */
export type OptionTable<T> = { readonly [K in keyof Required<T>]: OptionRow<Required<T>[K]> };

type WithDefault<Table> = {
  [K in keyof Table]: Table[K] extends { readonly default: unknown } ? K : never;
}[keyof Table];

/** `T` where the options with a default in the table are always given. */
export type Complete<T, Table> = T & {
  readonly [K in keyof T & WithDefault<Table>]-?: Exclude<T[K], undefined>;
};

/**
 * Throws one `ConfigError` with every fault; `undefined` counts as not given. `foreign` has hints for options of
 * other packages.
 */
export function checkOptions(
  owner: string,
  options: unknown,
  table: Readonly<Record<string, OptionRow>>,
  foreign: Readonly<Record<string, string>> = {},
): void {
  const faults = isRecord(options)
    ? [...faultsOf(options, table, { foreign })]
    : [{ option: 'options', message: wrongValue('an object', options) }];
  if (faults.length > 0) throw new ConfigError(faults, owner);
}

/** The options with the table's defaults for those that are not given. */
export function withDefaults<T extends object, Table extends OptionTable<T>>(
  options: T,
  table: Table,
): Complete<T, Table> {
  const rows: [string, OptionRow][] = Object.entries(table);
  const defaults = rows.flatMap(([option, row]) =>
    'default' in row ? [[option, row.default] as const] : [],
  );
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return Object.fromEntries([...defaults, ...given]) as Complete<T, Table>;
}

/** What was expected of a value; undefined when it is valid. */
export function expectedOf(value: unknown, row: OptionRow): string | undefined {
  const [fault] = valueFaults('', value, row);
  return fault?.expected;
}

interface Fault extends ConfigFault {
  readonly expected: string;
}

/** `path` stands before the names of options: `queue.`, say. */
function* faultsOf(
  values: Options,
  table: Readonly<Record<string, OptionRow>>,
  { path = '', foreign = {} }: { path?: string; foreign?: Readonly<Record<string, string>> } = {},
): Generator<Fault> {
  for (const [key, actual] of Object.entries(values)) {
    if (actual === undefined) continue;
    const option = path + key;
    const row = Object.hasOwn(table, key) ? table[key] : undefined;
    if (row !== undefined) {
      yield* valueFaults(option, actual, row);
      continue;
    }
    const hint = Object.hasOwn(foreign, key)
      ? `; ${foreign[key]}`
      : didYouMean(key, Object.keys(table), path);
    yield { option, expected: 'no such option', message: `unknown option${hint}` };
  }
  for (const [key, { isRequired, check }] of Object.entries(table)) {
    if (isRequired !== true || values[key] !== undefined) continue;
    const expected = check?.(undefined) ?? 'an object';
    yield { option: path + key, expected, message: `missing; expected ${expected}` };
  }
  yield* conflicts(values, table, path);
}

function* valueFaults(option: string, actual: unknown, row: OptionRow): Generator<Fault> {
  if (row.options !== undefined && isRecord(actual)) {
    yield* faultsOf(actual, row.options, { path: `${option}.` });
    return;
  }
  const expected = row.check === undefined ? 'an object' : row.check(actual);
  if (expected !== undefined) {
    const isAlternative = row.check !== undefined && row.options !== undefined;
    yield wrong(option, isAlternative ? `${expected} or an object` : expected, actual, row);
    return;
  }
  if (row.items === undefined || typeof actual !== 'object' || actual === null) return;
  for (const [key, item] of Object.entries(actual)) {
    const name = Array.isArray(actual) ? `${option}[${key}]` : `${option}.${key}`;
    const expectedItem = row.items(item);
    if (expectedItem !== undefined) yield wrong(name, expectedItem, item, row);
  }
}

function wrong(option: string, expected: string, actual: unknown, { isSecret }: OptionRow): Fault {
  const message =
    isSecret === true
      ? `expected ${expected}, got a value of type ${typeof actual}`
      : wrongValue(expected, actual);
  return { option, expected, message };
}

function wrongValue(expected: string, actual: unknown): string {
  return `expected ${expected}, got ${describeValue(actual)}`;
}

function* conflicts(
  options: Options,
  table: Readonly<Record<string, OptionRow>>,
  path: string,
): Generator<Fault> {
  const rows = Object.entries(table).filter(([option]) => options[option] !== undefined);
  const [decisive, { excludes = [] }] = rows.find(([, row]) => row.excludes !== undefined) ?? ['', {}];
  for (const [option, row] of rows) {
    const message = excludes.includes(option)
      ? `cannot be combined with ${decisive}, which names the destination already`
      : row.conflict?.(options);
    if (message !== undefined) yield { option: path + option, expected: 'another combination', message };
  }
}
