/**
 * Exports the metrics of an app to StatsD without a line of code in it:
 *
 *     node --import opentelemetry-exporter-statsd/register app.js
 *
 * `--require` works too, and so does `import 'opentelemetry-exporter-statsd/register'` as the very first
 * statement of an app (there, packages that the same file imports are not instrumented). What the app records
 * with `@opentelemetry/api` is exported; with `@opentelemetry/auto-instrumentations-node` installed, so are the
 * metrics of HTTP, databases and the runtime. Loading it twice starts everything once. Loading another register beside
 * it would count everything twice, so this one then starts nothing and logs an error.
 *
 * Environment, beside the variables of `StatsdExporter` and of the instrumentations:
 *
 * - `OTEL_EXPORTER_STATSD_CONFIG`: a file (`.mjs`, `.cjs`, `.js` or `.json`) with options of `StatsdExporter` and `views`,
 *   as its default export or returned by it (`defineConfig`). An asynchronous one is waited for with `--import` only.
 * - `OTEL_METRIC_EXPORT_INTERVAL`: milliseconds, default 10000, StatsD's own flush interval.
 * - `OTEL_METRIC_EXPORT_TIMEOUT`: milliseconds, default 30000, never more than the interval.
 * - `OTEL_EXPORTER_STATSD_CLUSTER`: `aggregate` makes the processes of a node:cluster app one: the primary adds up what
 *   its workers report, and sends it. `perWorker` gives each process a tag `instance`. Default: neither.
 * - `OTEL_METRICS_EXPORTER`: `none` turns metrics off. Any other value than `statsd` is ignored with a warning, because
 *   platforms often set `otlp` for all apps.
 * - `OTEL_TRACES_EXPORTER`, `OTEL_LOGS_EXPORTER`: when set, and not to `none`, traces or logs are exported as
 *   NodeSDK does; otherwise nothing connects to a collector.
 * - `OTEL_NODE_RESOURCE_DETECTORS`: default `host,os,process`. The cloud ones make network calls, so they run
 *   only when named. OTEL_RESOURCE_ATTRIBUTES and OTEL_SERVICE_NAME are always read, and win.
 * - `OTEL_SDK_DISABLED`: `true` turns all of this off.
 * - `OTEL_LOG_LEVEL`: what OpenTelemetry logs to the console, default `warn`.
 *
 * The last interval is delivered when the process ends by itself and when SIGTERM, SIGINT or SIGHUP ends it; the
 * signal's default action follows; a second signal ends it at once. That takes at most OTEL_EXPORTER_STATSD_TIMEOUT (default
 * 5000 ms) and a second more. An app that handles the signal goes on to end when it wants to. What is lost: the
 * interval since the last export when the process ends by `process.exit()`, an uncaught exception or SIGKILL.
 * As process 1 of a container without an init, Node is not ended by a signal it does not handle; nor is it with this.
 *
 * Worker threads export what they record with the API, until they end by themselves; instrumentations run in the
 * main thread only, because each thread's would report the whole process again.
 */
import { createRequire } from 'node:module';
import { unmetRequirement } from './runtime/requirements.js';

const unmet = unmetRequirement(import.meta.url);
const started = unmet === undefined ? startMain() : report(unmet);

/**
 * `import()`, and with it `--import`, waits for a module that exports `then` (ECMA-262, 27.2.1.3.2 Promise Resolve
 * Functions): an asynchronous configuration file is in place before the app runs. A top-level await would do the same,
 * but CommonJS has none.
 */
export function then(resolve: () => void): void {
  void started.then(resolve);
}

function startMain(): Promise<void> {
  try {
    // Bundlers, which find all imports when they build, take register-main.js by the condition "module" of package.json.
    return createRequire(import.meta.url)('./register-main.js').started;
  } catch (error) {
    return report(error instanceof Error ? error.message : String(error));
  }
}

/** The app runs on without metrics. */
async function report(fault: string): Promise<void> {
  process.stderr.write(`opentelemetry-exporter-statsd/register nothing is exported: ${fault}\n`);
}
