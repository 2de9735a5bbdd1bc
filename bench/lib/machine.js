// Where and with what was measured: figures mean nothing without.
import { readFileSync } from 'node:fs';
import os from 'node:os';
import { projectVersion } from './sdk.js';

export function machine() {
  const [cpu] = os.cpus();
  const { dependencies } = readJson('../package.json');
  const versions = Object.entries(dependencies)
    .filter(([name]) => name !== '@opentelemetry/api')
    .map(([name]) => `${name} ${readJson(`../node_modules/${name}/package.json`).version}`);
  return {
    processor: `${cpu?.model.trim() ?? 'unknown'}, ${os.availableParallelism()} cores`,
    memory: `${Math.round(os.totalmem() / 2 ** 30)} GB`,
    system: `${os.type()} ${os.release()}, ${os.arch()}`,
    node: process.version,
    load: os
      .loadavg()
      .map((load) => load.toFixed(1))
      .join(' '),
    versions: [
      `${readJson('../../package.json').name} ${readJson('../../package.json').version}`,
      `@opentelemetry/sdk-metrics ${projectVersion('@opentelemetry/sdk-metrics')}`,
      ...versions,
    ],
  };
}

function readJson(file) {
  return JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8'));
}
