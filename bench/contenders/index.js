// What turns metrics into bytes: `run(batch)` does it once, `totals(batch)` does it once and adds up the output.
import { hotShots } from './hot-shots.js';
import { otlpJson, otlpProtobuf } from './otlp.js';
import { prometheus } from './prometheus.js';
import { thisPackage } from './this-package.js';

/** By the name that a task may carry to another process. */
export const CONTENDERS = { thisPackage, otlpProtobuf, otlpJson, hotShots, prometheus };
