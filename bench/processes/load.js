// Loading a package into an application that has loaded the SDK by the same module system. Task:
// `{ specifier, format }`; answers milliseconds of CPU time.
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { finish, taskOf } from '../lib/processes.js';

const { specifier, format } = taskOf();
const load = format === 'esm' ? (path) => import(path) : createRequire(import.meta.url);

// The project's own copies: those are what this package will find.
const project = createRequire(new URL('../../package.json', import.meta.url));
for (const name of ['@opentelemetry/api', '@opentelemetry/core', '@opentelemetry/sdk-metrics']) {
  const path = project.resolve(name);
  await load(format === 'esm' ? pathToFileURL(path).href : path);
}

const before = process.cpuUsage();
await load(specifier);
const { user, system } = process.cpuUsage(before);
finish({ millis: (user + system) / 1_000 });
