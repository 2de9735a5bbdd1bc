// What an app in this environment would be configured with, and the same as explicit options.

import { checkOptions } from '../../exporter/options/check-options.js';
import { ConfigError } from '../../exporter/options/config-error.js';
import { type Environment, readEnvironment } from '../../exporter/options/environment.js';
import { OPTIONS } from '../../exporter/options/option-table.js';
import type { StatsdExporterOptions } from '../../exporter/options/options.js';
import { type ResolvedOptions, resolveOptions } from '../../exporter/options/resolve-options.js';
import type { DialectName } from '../../mapping/dialects/index.js';
import { UsageError } from './io.js';

export interface Configuration {
  readonly resolved: ResolvedOptions;
  /** About variables that are ignored. */
  readonly warnings: readonly string[];
}

/** Throws a UsageError for flags that are no good. */
export function configurationOf(flags: StatsdExporterOptions, environment: Environment): Configuration {
  try {
    checkOptions('StatsdExporter', flags, OPTIONS);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new UsageError(error.faults.map(({ option, message }) => `--${option}: ${message}`).join('\n'));
  }
  const warnings: string[] = [];
  const settings = readEnvironment(environment, (message) => warnings.push(message));
  return { resolved: resolveOptions(flags, settings), warnings };
}

/** What decides lines, in full, so that an exporter made with it looks at no variable for it. */
export function lineOptions({ mapping }: ResolvedOptions): StatsdExporterOptions {
  const { dialect, prefix, names, attributes, tags, resourceTags, histograms } = mapping;
  // Flags and variables know dialects by name only, so that it is a built-in one.
  return {
    dialect: dialect.name as DialectName,
    prefix,
    names,
    attributes,
    tags,
    resourceTags,
    histograms: { mode: histograms.mode },
    enabled: true,
  };
}
