// The only reader of environment variables for options: the tables of options say which variables there are. An empty
// variable counts as unset (OpenTelemetry specification, "environment variables"); a bad one is warned about and counts
// as unset, too.

import { expectedOf, type OptionRow } from './check-options.js';
import { withoutCredentials } from './config-error.js';
import { DATADOG_TAGS, OPTIONS } from './option-table.js';
import type { StatsdExporterOptions } from './options.js';

export type Environment = Readonly<Record<string, string | undefined>>;

/** A valid value, as if it were given as the option, and the variable that it came from. */
export interface FromVariable<Value> {
  readonly variable: string;
  readonly value: Value;
}

type VariableOption = {
  [K in keyof typeof OPTIONS]: (typeof OPTIONS)[K] extends { readonly variables: unknown } ? K : never;
}[keyof typeof OPTIONS];

/** What the environment says of each option, strongest variable first; nothing where it says nothing valid. */
export type EnvironmentSettings = {
  readonly [K in VariableOption]: readonly FromVariable<NonNullable<StatsdExporterOptions[K]>>[];
} & {
  /** Tags for dialects that read Datadog's environment, besides those of the option. */
  readonly datadogTags: readonly FromVariable<Readonly<Record<string, string>>>[];
};

export function readEnvironment(
  environment: Environment,
  warn: (message: string) => void,
): EnvironmentSettings {
  // One variable may set several options.
  const warned = new Set<string>();
  const warnOnce = (message: string): void => {
    if (!warned.has(message)) warn(message);
    warned.add(message);
  };
  const rows: [string, OptionRow][] = Object.entries({ ...OPTIONS, datadogTags: DATADOG_TAGS });
  return Object.fromEntries(
    rows
      .filter(([, row]) => row.variables !== undefined)
      .map(([option, row]) => [option, readRow(row, environment, warnOnce)]),
  ) as unknown as EnvironmentSettings;
}

function readRow(
  row: OptionRow,
  environment: Environment,
  warn: (message: string) => void,
): FromVariable<unknown>[] {
  return Object.entries(row.variables ?? {}).flatMap(([variable, reader]) => {
    const text = environment[variable]?.trim() ?? '';
    if (text === '') return [];
    const value = reader.read(text, (item, expected) =>
      warn(`an item of ${variable} is ignored: expected ${expected}, got ${JSON.stringify(item)}`),
    );
    const expected = reader.check === undefined ? expectedOf(value, row) : reader.check(value);
    if (expected === undefined) return [{ variable, value }];
    warn(`${variable} is ignored: expected ${expected}, got ${JSON.stringify(withoutCredentials(text))}`);
    return [];
  });
}
