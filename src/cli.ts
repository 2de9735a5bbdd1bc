#!/usr/bin/env node

// The program `otel-statsd`.

import { unmetRequirement } from './runtime/requirements.js';

const unmet = unmetRequirement(import.meta.url);
if (unmet === undefined) {
  // Not a specifier that a bundler or the compiler follows: the file's imports must not be loaded before the check.
  const main = new URL('./cli-main.js', import.meta.url).href;
  void import(main);
} else {
  process.stderr.write(`otel-statsd: ${unmet}\n`);
  process.exitCode = 1;
}
