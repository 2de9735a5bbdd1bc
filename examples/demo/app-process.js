// Runs app.js with OpenTelemetry loaded in front of it by `--import`, as a user would, and asks it for its own record.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

export const REGISTER = 'opentelemetry-exporter-statsd/register';

const APP = fileURLToPath(new URL('./app.js', import.meta.url));

// More than the exporter's own deadline for its last delivery (5 s).
const END_MILLIS = 15_000;

/** @param {string} endpoint of the StatsD server */
export async function startApp(endpoint) {
  if (!existsSync(fileURLToPath(import.meta.resolve(REGISTER)))) {
    throw new Error('The package is not built: run "npm run build" first.');
  }
  let said = '';
  const child = spawn(process.execPath, ['--import', REGISTER, APP], {
    // From here the package finds itself by its own name.
    cwd: dirname(APP),
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: {
      ...withoutTelemetrySettings(process.env),
      OTEL_EXPORTER_STATSD_ENDPOINT: endpoint,
      OTEL_EXPORTER_STATSD_DIALECT: 'statsd',
      OTEL_EXPORTER_STATSD_PREFIX: 'demo',
      OTEL_METRIC_EXPORT_INTERVAL: '1000',
    },
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      said += text;
    });
  }
  let running = true;
  const closed = once(child, 'close').then(([status, signal]) => {
    running = false;
    return signal ?? `status ${status}`;
  });

  async function nextMessage() {
    const ended = closed.then((how) => {
      throw new Error(`The app ended unexpectedly (${how}).`);
    });
    const [message] = await Promise.race([once(child, 'message'), ended]);
    return message;
  }

  const app = {
    port: 0,
    /** What it wrote to stdout and stderr: normally nothing. */
    said: () => said.trim(),
    /** The app's own record of all it did so far. */
    report() {
      child.send('report');
      return nextMessage();
    },
    /** SIGTERM, as any platform ends a service; the metrics of the last second have to make it out. */
    async end() {
      child.kill('SIGTERM');
      let isLate = false;
      const patience = setTimeout(() => {
        isLate = true;
        child.kill('SIGKILL');
      }, END_MILLIS);
      await closed;
      clearTimeout(patience);
      if (isLate) throw new Error(`The app did not end within ${END_MILLIS / 1000} s of SIGTERM.`);
    },
    async kill() {
      if (running) child.kill('SIGKILL');
      await closed;
    },
  };
  try {
    app.port = (await nextMessage()).port;
    return app;
  } catch (error) {
    throw new Error(`${error.message}\n${said}`.trim(), { cause: error });
  }
}

/** The demo's outcome is not to depend on settings the caller's shell has for other programs. */
function withoutTelemetrySettings(env) {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/^(OTEL|STATSD|DD)_/.test(name)));
}
