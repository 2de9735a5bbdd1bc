// Starts everything in the only order that works: meter provider, context manager, instrumentations, loader hook.
// A failure is one line in the diag log, and the app runs on.

import { isMainThread, parentPort } from 'node:worker_threads';
import { EXIT_EVENTS, flushOnExit, type Telemetry } from '../exporter/flush-on-exit.js';
import { type ReadConfig, readConfigFile } from '../exporter/options/config-file.js';
import { COLLECTION_MILLIS, SHUTDOWN_TIMEOUT_MILLIS } from '../exporter/options/defaults.js';
import { readEnvironment } from '../exporter/options/environment.js';
import { printable } from '../runtime/printable.js';
import { newerApiOfApp, registrationConflict } from './api-copies.js';
import { appFiles, type FoundModule, findModule } from './find-module.js';
import { startContextManager, startInstrumentations } from './instrumentations.js';
import { logger, showDiag, writeToStderr } from './log.js';
import { hasNodeFlag } from './node-flags.js';
import { detectResource } from './resource.js';
import { type RegisterSettings, readSettings } from './settings.js';
import { type StartedMetrics, startMetrics } from './start-metrics.js';
import { type NodeSdk, startTracesAndLogs } from './start-traces-and-logs.js';

/** Shared by the ES module and CommonJS copies of this package. */
const STARTED = Symbol.for('opentelemetry-exporter-statsd/register');

/** Resolves once everything has started, which is later than the call only with an asynchronous configuration file. */
export async function start(): Promise<void> {
  if (isLoaderThread() || Reflect.has(globalThis, STARTED)) return;
  Reflect.set(globalThis, STARTED, true);
  const settings = readSettings(process.env);
  if (settings.disabled) return;
  const conflict = registrationConflict();
  if (conflict !== undefined) {
    // diag refuses a logger for the same reason.
    return writeToStderr(`nothing is exported: ${conflict}`, settings.logLevel);
  }
  showDiag(settings.logLevel);
  for (const warning of settings.warnings) logger.warn(warning);
  const config = readConfigFile(process.env);
  // Without await: in the common case all of this must have happened before the app's first line.
  if (config instanceof Promise) return config.then((read) => startWith(settings, read));
  startWith(settings, config);
}

function startWith(settings: RegisterSettings, config: ReadConfig): void {
  if (config.fault !== undefined) logger.error(printable(config.fault));
  attempt('nothing is exported', () => startTelemetry(settings, config));
}

/** Node also runs preloads in its module hooks thread, which unlike a worker has no parentPort. */
function isLoaderThread(): boolean {
  return !isMainThread && parentPort === null;
}

function startTelemetry(settings: RegisterSettings, config: ReadConfig): void {
  if (!settings.metrics && !settings.traces && !settings.logs) {
    logger.info('metrics, traces and logs are off by OTEL_METRICS_EXPORTER=none');
    return;
  }
  if (hasNodeFlag(/@opentelemetry\/auto-instrumentations-node\/\S*register/)) {
    throw new Error(
      '@opentelemetry/auto-instrumentations-node/register is loaded too, and both would count every request; ' +
        'remove it: this register starts the same instrumentations, and traces and logs when ' +
        'OTEL_TRACES_EXPORTER and OTEL_LOGS_EXPORTER ask for them',
    );
  }
  const auto = findModule('@opentelemetry/auto-instrumentations-node', appFiles());
  const resource = attempt('resource attributes are missing', () =>
    detectResource(settings.resourceDetectors, auto, (message) => logger.warn(message)),
  );
  // If this throws, OpenTelemetry is already set up and further instrumentations might count twice.
  const metrics = settings.metrics ? startMetrics(settings, config, resource) : undefined;
  // Worker threads export only what they record through the API: instrumentations there would report the process-wide
  // metrics again and take 200 ms at each start.
  const sdk =
    isMainThread && (settings.traces || settings.logs)
      ? attempt('traces and logs are off', () => startTracesAndLogs(settings, auto, resource))
      : undefined;
  if (metrics === undefined && sdk === undefined) return;
  const lost = newerApiOfApp(findModule('@opentelemetry/api', appFiles()));
  if (lost !== undefined) logger.warn(lost);
  if (isMainThread) instrument(auto, sdk);

  const [fromVariable] = readEnvironment(process.env, () => {}).shutdownTimeoutMillis;
  const shutdownMillis =
    config.options.shutdownTimeoutMillis ?? fromVariable?.value ?? SHUTDOWN_TIMEOUT_MILLIS;
  flushOnExit(telemetryOf(metrics, sdk), {
    deadlineMillis: shutdownMillis + COLLECTION_MILLIS,
    events: isMainThread ? EXIT_EVENTS : ['beforeExit'],
  });
}

function instrument(auto: FoundModule | undefined, sdk: NodeSdk | undefined): void {
  if (auto === undefined) {
    logger.info(
      'only what the app records with @opentelemetry/api is exported; for metrics of HTTP, databases and the ' +
        'runtime run: npm install @opentelemetry/auto-instrumentations-node',
    );
    return;
  }
  if (sdk === undefined) {
    attempt('metrics of HTTP requests lack http.route', () => startContextManager(auto));
  }
  attempt('there are no automatic metrics', () =>
    startInstrumentations(auto, { metricsOnly: sdk === undefined, warn: (message) => logger.warn(message) }),
  );
}

function telemetryOf(metrics: StartedMetrics | undefined, sdk: NodeSdk | undefined): Telemetry {
  let ending: Promise<unknown> | undefined;
  return {
    handOver: () => settle(metrics?.handOver()),
    async shutdown() {
      ending ??= Promise.all([settle(metrics?.shutdown()), settle(sdk?.shutdown())]);
      await ending;
    },
  };
}

async function settle(work: Promise<void> | undefined): Promise<void> {
  try {
    await work;
  } catch (error) {
    logger.error(`the last interval may be lost: ${textOf(error)}`);
  }
}

function attempt<T>(consequence: string, run: () => T): T | undefined {
  try {
    return run();
  } catch (error) {
    logger.error(`${consequence}: ${textOf(error)}`);
    return undefined;
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
