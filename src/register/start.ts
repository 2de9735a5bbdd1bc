// Starts everything in the one order that works: meter provider, context, instrumentations, loader hook.
// Whatever fails is told in one line of the diag log, and the app runs on.

import { isMainThread, parentPort } from 'node:worker_threads';
import { diag } from '@opentelemetry/api';
import { readEnvironment } from '../exporter/env.js';
import { appFiles, findModule } from './find-module.js';
import { flushOnExit, type Telemetry } from './flush-on-exit.js';
import { startContextManager, startInstrumentations } from './instrumentations.js';
import { detectResource } from './resource.js';
import { readSettings } from './settings.js';
import { showDiag } from './show-diag.js';
import { startMetrics } from './start-metrics.js';
import { startTracesAndLogs } from './start-traces-and-logs.js';

const logger = diag.createComponentLogger({ namespace: 'opentelemetry-exporter-statsd/register' });

/** The ES module and the CommonJS copy of this package share it. */
const STARTED = Symbol.for('opentelemetry-exporter-statsd/register');

/** StatsdExporterOptions.shutdownTimeoutMillis when nothing else is said. */
const SHUTDOWN_MILLIS = 5_000;
/** For the last collection, and for the answers to those who wait. */
const MARGIN_MILLIS = 1_000;

const AUTO_INSTRUMENTATIONS = '@opentelemetry/auto-instrumentations-node';

export function start(): void {
  if (isLoaderThread() || Reflect.has(globalThis, STARTED)) return;
  Reflect.set(globalThis, STARTED, true);

  const settings = readSettings(process.env);
  if (settings.disabled) return;
  showDiag(settings.logLevel);
  for (const warning of settings.warnings) logger.warn(warning);
  if (!settings.metrics && !settings.traces && !settings.logs) {
    logger.info('metrics, traces and logs are all off; nothing is started');
    return;
  }
  ...
}
