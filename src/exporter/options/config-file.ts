// The configuration file that OTEL_EXPORTER_STATSD_CONFIG names: options of the exporter and views, for apps that have no
// code to pass them. Read by register and the command.

import { existsSync, readFileSync } from 'node:fs';
// Not `{ createRequire }`: webpack evaluates calls of that import, and warns of those that it cannot.
import nodeModule from 'node:module';
import { extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { MeterProviderOptions } from '@opentelemetry/sdk-metrics';
import { checkOptions } from './check-options.js';
import { isRecord } from './checks.js';
import { ConfigError } from './config-error.js';
import type { Environment } from './environment.js';
import { FOREIGN_OPTIONS } from './foreign-options.js';
import { OPTIONS } from './option-table.js';
import type { StatsdExporterOptions } from './options.js';

type View = NonNullable<MeterProviderOptions['views']>[number];

/** Options of `StatsdExporter`, and views of the `MeterProvider`. */
export interface StatsdConfig extends StatsdExporterOptions {
  readonly views?: readonly View[] | undefined;
}

/** What a configuration file exports by default; a function may be asynchronous. */
export type StatsdConfigExport = StatsdConfig | (() => StatsdConfig | Promise<StatsdConfig>);

/**
 * Gives the default export of a configuration file its type:
 *
 * ```js
 * // statsd.config.mjs, used with OTEL_EXPORTER_STATSD_CONFIG=./statsd.config.mjs
 * import { defineConfig } from 'opentelemetry-exporter-statsd';
 *
 * export default defineConfig({ dialect: 'telegraf', prefix: '{service.name}' });
 * ```
 */
export function defineConfig<Config extends StatsdConfigExport>(config: Config): Config {
  return config;
}

export interface ReadConfig {
  readonly options: StatsdExporterOptions;
  readonly views: readonly View[];
  /** The path as the variable has it; undefined when no file is named. */
  readonly path: string | undefined;
  /** Why the file is ignored, in one line. */
  readonly fault: string | undefined;
}

export const CONFIG_VARIABLE = 'OTEL_EXPORTER_STATSD_CONFIG';

const NOTHING: ReadConfig = { options: {}, views: [], path: undefined, fault: undefined };

/**
 * Never throws or rejects: a missing or faulty file has a fault and no options. Asynchronous only for a file that exports
 * an asynchronous function or is a module with top-level await.
 *
 * @param folder where a relative path begins
 */
export function readConfigFile(
  environment: Environment,
  folder: string = process.cwd(),
): ReadConfig | Promise<ReadConfig> {
  const path = environment[CONFIG_VARIABLE]?.trim();
  if (!path) return NOTHING;
  const faulty = (error: unknown): ReadConfig => ({
    ...NOTHING,
    path,
    fault: `${CONFIG_VARIABLE} is ignored: ${path}: ${faultText(error)}`,
  });
  try {
    const exported = load(resolve(folder, path));
    if (!isThenable(exported)) return configOf(exported, path);
    return Promise.resolve(exported)
      .then((value) => configOf(value, path))
      .catch(faulty);
  } catch (error) {
    return faulty(error);
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return isRecord(value) && typeof value['then'] === 'function';
}

/** The configuration that a file exports. */
function load(file: string): unknown {
  if (!existsSync(file)) throw new OwnFault('there is no such file');
  switch (extname(file)) {
    case '.json':
      return JSON.parse(readFileSync(file, 'utf8'));
    case '.mjs':
    case '.cjs':
    case '.js':
      return loadModule(file);
    default:
      throw new OwnFault('its name must end in .mjs, .cjs, .js or .json');
  }
}

function loadModule(file: string): unknown {
  try {
    // Node.js loads ES modules by require, too, unless they have a top-level await.
    return calledConfig(nodeModule.createRequire(file)(file));
  } catch (error) {
    if (!isAsyncModule(error)) throw error;
    return import(/* webpackIgnore: true */ pathToFileURL(file).href).then(calledConfig);
  }
}

function isAsyncModule(error: unknown): boolean {
  const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined;
  return code === 'ERR_REQUIRE_ASYNC_MODULE' || code === 'ERR_REQUIRE_ESM';
}

function calledConfig(module: unknown): unknown {
  const exported = isRecord(module) && 'default' in module ? module['default'] : module;
  return typeof exported === 'function' ? exported() : exported;
}

function configOf(exported: unknown, path: string): ReadConfig {
  if (!isRecord(exported))
    throw new OwnFault('its default export must be an object, or a function that returns one');
  const { views = [], ...options } = exported;
  if (!Array.isArray(views)) throw new OwnFault('views must be an array');
  checkOptions('configuration file', options, OPTIONS, FOREIGN_OPTIONS);
  return { options, views, path, fault: undefined };
}

/** Its message needs no name before it. */
class OwnFault extends Error {}

/** One line. */
function faultText(error: unknown): string {
  if (error instanceof ConfigError) {
    return error.faults.map(({ option, message }) => `${option}: ${message}`).join('; ');
  }
  const text = error instanceof OwnFault ? error.message : String(error);
  return text.split('\n')[0] ?? text;
}
