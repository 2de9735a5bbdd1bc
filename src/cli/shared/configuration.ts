// What an app in this environment would be configured with: flags, configuration file, variables and defaults.

import { checkOptions } from '../../exporter/options/check-options.js';
import { ConfigError } from '../../exporter/options/config-error.js';
import { type ReadConfig, readConfigFile } from '../../exporter/options/config-file.js';
import { type Environment, readEnvironment } from '../../exporter/options/environment.js';
import { OPTIONS } from '../../exporter/options/option-table.js';
import type { StatsdExporterOptions } from '../../exporter/options/options.js';
import { type ResolvedOptions, resolveOptions } from '../../exporter/options/resolve-options.js';
import { UsageError } from './io.js';

export interface Configuration {
  readonly flags: StatsdExporterOptions;
  readonly file: ReadConfig;
  readonly resolved: ResolvedOptions;
  /** About variables, or a configuration file, that are ignored. */
  readonly warnings: readonly string[];
}

/** Throws a UsageError for invalid flags. */
export async function configurationOf(
  flags: StatsdExporterOptions,
  environment: Environment,
): Promise<Configuration> {
  try {
    checkOptions('StatsdExporter', flags, OPTIONS);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new UsageError(error.faults.map(({ option, message }) => `--${option}: ${message}`).join('\n'));
  }
  const file = await readConfigFile(environment);
  const warnings = file.fault === undefined ? [] : [file.fault];
  const settings = readEnvironment(environment, (message) => warnings.push(message));
  const given = Object.fromEntries(Object.entries(flags).filter(([, value]) => value !== undefined));
  const options = {
    ...(flags.endpoint === undefined ? file.options : without(file.options, ADDRESS)),
    ...given,
  };
  return { flags, file, resolved: resolveOptions(options, settings), warnings };
}

/** What an endpoint stands for, or excludes. */
const ADDRESS = ['endpoint', 'host', 'port', 'protocol', 'path', 'stream', 'lines'];

/** What has nothing to do with lines, or would act outside of the command. */
const NOT_FOR_LINES = [...ADDRESS, 'flushOn', 'onEvent', 'selfObsMeterProvider', 'queue'];

/** Options of an exporter that writes the same lines; explicit, so that it reads no variable for them. */
export function lineOptions({
  file,
  resolved,
}: Pick<Configuration, 'file' | 'resolved'>): StatsdExporterOptions {
  const { dialect, prefix, names, attributes, tags, resourceTags, histograms } = resolved.mapping;
  const given = file.options.histograms;
  return {
    ...without(file.options, NOT_FOR_LINES),
    dialect,
    prefix,
    names,
    attributes,
    tags,
    resourceTags,
    histograms: { ...(typeof given === 'object' ? given : {}), mode: histograms.mode },
    enabled: true,
  };
}

function without(options: StatsdExporterOptions, names: readonly string[]): StatsdExporterOptions {
  return Object.fromEntries(Object.entries(options).filter(([name]) => !names.includes(name)));
}
