// Runs an app with OpenTelemetry loaded in front of it by `--import`, as a user would, and asks it for its own record.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

export const REGISTER = 'opentelemetry-exporter-statsd/register';

const APP = fileURLToPath(new URL('./app.js', import.meta.url));

// More than the exporter's own deadline for its last delivery (5 s).
const END_MILLIS = 15_000;

/** @param {{ program?: string, env: Record<string, string> }} app an ES module that sends `{ port }` once it listens */
export async function startApp({ program = APP, env }) {
  if (!existsSync(fileURLToPath(import.meta.resolve(REGISTER)))) {
    throw new Error('The package is not built: run "npm run build" first.');
  }
  let said = '';
  const child = spawn(process.execPath, ['--import', REGISTER, program], {
    // From here the package finds itself by its own name.
    cwd: dirname(program),
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: {
      ...withoutTelemetrySettings(process.env),
      ...env,
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
    /** Sends the app a message, and resolves with its answer: with `'report'` its own record of all it did so far. */
    ask(message) {
      child.send(message);
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

/** The outcome is not to depend on settings the caller's shell has for other programs. */
function withoutTelemetrySettings(env) {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/^(OTEL|STATSD|DD)_/.test(name)));
}
