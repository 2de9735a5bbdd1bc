// What is wrong with an options object, all of it at once, going by a table of checks.

import { didYouMean } from '../../runtime/did-you-mean.js';
import type { ConfigFault } from './config-error.js';
import { type Check, isRecord } from './validators.js';

/** Checks of the options of an object within. */
export interface Nested {
  readonly options: Readonly<Record<string, Check | Nested>>;
  /** Values that need not be an object: undefined when the value will do. */
  readonly otherwise?: Check;
}

/** `undefined` counts as not given. `path` stands before the names of options: `queue.`, say. */
export function* faultsOf(
  values: Readonly<Record<string, unknown>>,
  checks: Readonly<Record<string, Check | Nested>>,
  path = '',
): Generator<ConfigFault> {
  for (const [key, actual] of Object.entries(values)) {
    if (actual === undefined) continue;
    const option = path + key;
    const check = Object.hasOwn(checks, key) ? checks[key] : undefined;
    if (check === undefined) {
      const hint = didYouMean(key, Object.keys(checks), path);
      yield { option, expected: `no option of this name${hint}`, actual };
    } else if (typeof check === 'function') {
      const expected = check(actual);
      if (expected !== undefined) yield { option, expected, actual };
    } else if (isRecord(actual)) {
      yield* faultsOf(actual, check.options, `${option}.`);
    } else {
      const expected = check.otherwise === undefined ? 'an object' : check.otherwise(actual);
      if (expected !== undefined) {
        yield {
          option,
          expected: check.otherwise === undefined ? expected : `${expected} or an object`,
          actual,
        };
      }
    }
  }
}
