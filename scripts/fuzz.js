// Coverage-guided fuzzing of what reads foreign bytes: lines, streams, messages of workers, OTLP files, variables, names.
// Exit code 1 when an input breaks a promise; the input is kept in .cache/fuzz.
//
//   npm run fuzz -- --minutes 10 [--seed 1] [--target lines]

import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string' },
    target: { type: 'string' },
  },
});
const { minutes, seed, target } = values;
const environment = {
  ...process.env,
  FUZZ_MINUTES: minutes,
  ...(seed !== undefined && { FUZZ_SEED: seed }),
  ...(target !== undefined && { FUZZ_TARGET: target }),
};
const { status } = spawnSync('vitest', ['run', '--config', 'vitest.fuzz.config.ts'], {
  env: environment,
  stdio: 'inherit',
});
process.exit(status ?? 1);
