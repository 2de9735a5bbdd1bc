import type { Dialect } from './dialect.js';
import { dogstatsd } from './dogstatsd.js';
import { statsd } from './statsd.js';

/** All built-in dialects by the name of the server they describe. */
export const dialects = { statsd, dogstatsd } as const satisfies Record<string, Dialect>;

export type DialectName = keyof typeof dialects;
