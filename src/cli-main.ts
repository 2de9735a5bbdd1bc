// The program without the check of its requirements.

import { run } from './cli/run.js';
import { processIo } from './cli/shared/process-io.js';

void run(process.argv.slice(2), processIo(process)).then((code) => {
  process.exitCode = code;
});
