// Runs one example in a process of its own against a receiver on a free port.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { fileURLToPath } from 'node:url';
import { catalogue } from './catalogue.js';
import { startReceiver } from './receivers.js';

const DEADLINE_MILLIS = 20_000;

/** What the receiver got and what the example printed; rejects when the example fails. */
export async function runExample(name) {
  const example = catalogue[name];
  if (example === undefined) throw new Error(`there is no example "${name}"`);
  const receiver = await startReceiver(example.receiver, example.endpointVariable);
  try {
    const printed = await runProgram(name, example, receiver.env);
    return { lines: await receiver.settle(), printed };
  } finally {
    await receiver.stop();
  }
}

async function runProgram(name, example, env) {
  const program = fileURLToPath(new URL(`../${name}/${example.program ?? 'main.js'}`, import.meta.url));
  const child = spawn(process.execPath, [...(example.nodeOptions ?? []), program], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    // Nothing of this environment: a DD_* variable, for one, would change what is sent.
    env: { PATH: process.env.PATH, PORT: '0', ...example.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: DEADLINE_MILLIS,
    killSignal: 'SIGKILL',
  });
  const closed = once(child, 'close');
  const printed = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr']) {
    child[stream].setEncoding('utf8').on('data', (text) => {
      printed[stream] += text;
    });
  }
  if (example.requests) await useServer(child, printed, closed, example.requests);
  const [status, signal] = await closed;
  // Register ends the process by the signal that asked for it, as Node.js would have.
  const isEndedByUs = example.requests !== undefined && signal === 'SIGTERM';
  if (printed.stderr !== '' || (status !== 0 && !isEndedByUs)) {
    throw new Error(`${name} ended with ${signal ?? status}: ${printed.stderr}`);
  }
  return printed.stdout;
}

/** One request after the other, then the signal with which supervisors end a server. */
async function useServer(child, printed, closed, requests) {
  const hasEnded = closed.then(() => true);
  let url;
  while (url === undefined) {
    url = /^listening at (\S+)$/m.exec(printed.stdout)?.[1];
    if (url === undefined && (await Promise.race([hasEnded, once(child.stdout, 'data').then(() => false)]))) {
      return;
    }
  }
  for (const { method, path } of requests) {
    // A connection each, so that none is open when the server is asked to end.
    const request = httpRequest(new URL(path, url), { method, agent: false }).end();
    const [response] = await once(request, 'response');
    await once(response.resume(), 'end');
  }
  child.kill('SIGTERM');
}
