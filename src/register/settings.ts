// Variables that register itself reads; the exporter reads its own. Rules of the OpenTelemetry specification,
// "environment variables": an empty value means unset; a bad value is ignored with a warning.

import { DiagLogLevel } from '@opentelemetry/api';
import { EXPORT_INTERVAL_MILLIS, EXPORT_TIMEOUT_MILLIS } from '../exporter/options/defaults.js';
import type { Environment } from '../exporter/options/environment.js';
import { printableJson } from '../runtime/printable.js';

export type ClusterMode = (typeof CLUSTER_MODES)[number];

const CLUSTER_MODES = ['aggregate', 'perWorker'] as const;

/** The variables read here, and those of the auto-instrumentations package. */
export const REGISTER_VARIABLES = [
  'OTEL_EXPORTER_STATSD_CLUSTER',
  'OTEL_LOG_LEVEL',
  'OTEL_LOGS_EXPORTER',
  'OTEL_METRIC_EXPORT_INTERVAL',
  'OTEL_METRIC_EXPORT_TIMEOUT',
  'OTEL_METRICS_EXPORTER',
  'OTEL_NODE_DISABLED_INSTRUMENTATIONS',
  'OTEL_NODE_ENABLED_INSTRUMENTATIONS',
  'OTEL_NODE_RESOURCE_DETECTORS',
  'OTEL_SDK_DISABLED',
  'OTEL_TRACES_EXPORTER',
] as const;

export interface RegisterSettings {
  readonly disabled: boolean;
  readonly metrics: boolean;
  readonly traces: boolean;
  readonly logs: boolean;
  readonly exportIntervalMillis: number;
  readonly exportTimeoutMillis: number;
  /** As written by the user, without `none`. */
  readonly resourceDetectors: readonly string[];
  readonly logLevel: DiagLogLevel;
  /** How processes of a node:cluster app export: independently, added up by the primary, or with an instance tag. */
  readonly cluster: ClusterMode | undefined;
  readonly warnings: readonly string[];
}

/** Node turns a longer timer into one of 1 ms. */
const LONGEST_TIMER_MILLIS = 2 ** 31 - 1;
/** These need no network; cloud detectors query metadata servers, so they run only when named. */
const DEFAULT_DETECTORS = 'host,os,process';

export function readSettings(environment: Environment): RegisterSettings {
  const warnings: string[] = [];
  const text = (name: string): string | undefined => environment[name]?.trim() || undefined;
  const list = (name: string, fallback = ''): string[] =>
    (text(name) ?? fallback).split(',').flatMap((part) => part.trim() || []);
  const asks = (name: string): boolean => text(name) !== undefined && !list(name).some(isNone);

  const checked = <T>(name: string, expected: string, parse: (text: string) => T | undefined) => {
    const given = text(name);
    const value = given === undefined ? undefined : parse(given);
    if (given !== undefined && value === undefined) {
      warnings.push(`${name} is ignored: expected ${expected}, got ${printableJson(given)}`);
    }
    return value;
  };
  const millis = (name: string): number | undefined =>
    checked(name, `milliseconds from 1 to ${LONGEST_TIMER_MILLIS}`, parseMillis);

  const exportIntervalMillis = millis('OTEL_METRIC_EXPORT_INTERVAL') ?? EXPORT_INTERVAL_MILLIS;
  const givenTimeout = millis('OTEL_METRIC_EXPORT_TIMEOUT');
  if ((givenTimeout ?? 0) > exportIntervalMillis) {
    warnings.push(
      `OTEL_METRIC_EXPORT_TIMEOUT (${givenTimeout}) is more than the export interval; ` +
        `${exportIntervalMillis} ms are used`,
    );
  }

  const otherExporters = list('OTEL_METRICS_EXPORTER').filter((name) => !/^(statsd|none)$/i.test(name));
  if (otherExporters.length > 0) {
    warnings.push(
      `OTEL_METRICS_EXPORTER: ${otherExporters.join(', ')} is ignored: opentelemetry-exporter-statsd/register ` +
        'exports to StatsD only ("none" turns metrics off)',
    );
  }

  return {
    disabled: checked('OTEL_SDK_DISABLED', '"true" or "false"', parseBoolean) ?? false,
    metrics: !list('OTEL_METRICS_EXPORTER').some(isNone),
    traces: asks('OTEL_TRACES_EXPORTER'),
    logs: asks('OTEL_LOGS_EXPORTER'),
    exportIntervalMillis,
    exportTimeoutMillis: Math.min(givenTimeout ?? EXPORT_TIMEOUT_MILLIS, exportIntervalMillis),
    resourceDetectors: list('OTEL_NODE_RESOURCE_DETECTORS', DEFAULT_DETECTORS).filter(
      (name) => !isNone(name),
    ),
    logLevel:
      checked('OTEL_LOG_LEVEL', `one of ${LOG_LEVELS.join(', ')}`, parseLogLevel) ?? DiagLogLevel.WARN,
    cluster: checked(
      'OTEL_EXPORTER_STATSD_CLUSTER',
      CLUSTER_MODES.map((mode) => `"${mode}"`).join(' or '),
      parseClusterMode,
    ),
    warnings,
  };
}

/** Names of the specification are read in any case. */
function isNone(name: string): boolean {
  return name.toLowerCase() === 'none';
}

function parseClusterMode(text: string): ClusterMode | undefined {
  return CLUSTER_MODES.find((mode) => mode.toLowerCase() === text.toLowerCase());
}

const LOG_LEVELS = ['none', 'error', 'warn', 'info', 'debug', 'verbose', 'all'] as const;

function parseLogLevel(text: string): DiagLogLevel | undefined {
  const name = LOG_LEVELS.find((level) => level === text.toLowerCase());
  return name && DiagLogLevel[name.toUpperCase() as Uppercase<typeof name>];
}

function parseBoolean(text: string): boolean | undefined {
  return /^true$/i.test(text) || (/^false$/i.test(text) ? false : undefined);
}

function parseMillis(text: string): number | undefined {
  const value = /^\d+$/.test(text) ? Number(text) : 0;
  return value >= 1 && value <= LONGEST_TIMER_MILLIS ? value : undefined;
}
