// The checks of options that worker and aggregator share: every fault at once, as for the exporter's own options.

import { ConfigError, type ConfigFault } from './config-error.js';
import { faultsOf } from './validate.js';
import { type Check, isRecord } from './validators.js';

/** Throws one `ConfigError` with every fault; `undefined` counts as not given. */
export function checkOptions(
  owner: string,
  options: unknown,
  checks: Readonly<Record<string, Check>>,
  required: readonly string[] = [],
): void {
  const faults = isRecord(options)
    ? [...faultsOf(options, checks), ...missing(options, checks, required)]
    : [{ option: 'options', expected: 'an object', actual: options }];
  if (faults.length === 0) return;
  throw new ConfigError(faults, owner);
}

function missing(
  options: Readonly<Record<string, unknown>>,
  checks: Readonly<Record<string, Check>>,
  required: readonly string[],
): ConfigFault[] {
  return required
    .filter((option) => options[option] === undefined)
    .map((option) => ({ option, expected: checks[option]?.(undefined) ?? 'a value', actual: undefined }));
}

export const isText: Check = (value) =>
  typeof value === 'string' && value !== '' ? undefined : 'a string that is not empty';

/** By what is used of it, so that exporters of other copies of the SDK will do. */
export const isExporter: Check = (value) =>
  isRecord(value) &&
  ['export', 'forceFlush', 'shutdown'].every((method) => typeof value[method] === 'function')
    ? undefined
    : 'a metric exporter';

/** A MessagePort by what is used of it. */
export const isPort: Check = (value) =>
  isRecord(value) &&
  ['postMessage', 'on', 'off', 'unref'].every((method) => typeof value[method] === 'function')
    ? undefined
    : 'a MessagePort';
