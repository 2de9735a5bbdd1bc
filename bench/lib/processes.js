// Child processes: each section, and what must be measured in a process of its own, starts from a clean slate.
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { GARBAGE_FLAGS } from './garbage.js';

/**
 * Runs a module of `bench` in a new process and answers what it sends last.
 *
 * @param {string} file relative to bench/
 * @param {unknown} task what the module finds by `taskOf()`
 * @param {{ execArgv?: string[], onProgress?: (text: string) => void, collectable?: boolean }} [options]
 *   `collectable`, default true: whether the module can ask for garbage collections. That is a flag of V8, with which
 *   Node.js does without its compiled copies of its own modules, so that loading anything takes longer.
 */
export function runModule(file, task, { execArgv = [], onProgress = () => {}, collectable = true } = {}) {
  const child = startModule(file, task, execArgv, { collectable });
  let result;
  child.on('message', (message) => {
    if (message.progress !== undefined) onProgress(message.progress);
    else result = message;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      if (code === 0 && result !== undefined) resolve(result);
      else reject(new Error(`${file} ended with ${signal ?? `exit code ${code}`} and no result`));
    });
  });
}

/** The same, for a process that goes on and is talked to. */
export function startModule(file, task, execArgv = [], { collectable = true } = {}) {
  const path = fileURLToPath(new URL(`../${file}`, import.meta.url));
  // Variables of the surroundings must not configure what is measured.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(?:DD_|STATSD_|OTEL_|NODE_OPTIONS$)/.test(name)),
  );
  return fork(path, [JSON.stringify(task)], {
    execArgv: [...(collectable ? GARBAGE_FLAGS : []), ...execArgv],
    env,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
}

export function taskOf() {
  return JSON.parse(process.argv[2]);
}

export function sendProgress(progress) {
  process.send?.({ progress });
}

/** The last thing a module does. */
export function finish(result) {
  process.send(result, () => process.exit(0));
}
