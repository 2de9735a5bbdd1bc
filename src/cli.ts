#!/usr/bin/env node
// The program `otel-statsd`.

import { processIo } from './cli/process-io.js';
import { run } from './cli/run.js';

void run(process.argv.slice(2), processIo(process)).then((code) => {
  process.exitCode = code;
});
