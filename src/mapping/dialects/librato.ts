import type { Dialect } from './dialect.js';
import { statsd } from './statsd.js';

const ONE_METRIC = 'Librato gets both as one metric';

/**
 * statsd/statsd with Librato's backend, tags in the name: `name#key=value,key2=value2:1|c`. The daemon must run with
 * `keyNameSanitize: false`, which the backend's README asks for. Sources as of statsd-librato-backend 2.0.16.
 */
export const librato: Dialect = {
  ...statsd,
  name: 'librato',
  // lib/librato.js parseAndSetTags: tags follow the first `#`.
  tags: { place: 'name', open: '#', assign: '=', separator: ',', close: '' },
  illegal: {
    name: statsd.illegal.name,
    // parseAndSetTags splits at `,` and `=`; stats.js splits the line at `:` and `|`.
    tagKey: /[^A-Za-z0-9_.-]/gu,
    // www.librato.com/docs/api "measurement restrictions": values are `[-.:_\/\w ]{1,255}`; the daemon would split at `:`.
    tagValue: /[^A-Za-z0-9_./\\-]/gu,
  },
  limits: {
    ...statsd.limits,
    // lib/librato.js sanitizeName cuts names at 255 characters; timers get a suffix of a dot and a percentile.
    nameLength: 240,
    // www.librato.com/docs/api "measurement restrictions": a value has up to 255 characters.
    tagLength: 255,
  },
  nameCollisions: {
    // www.librato.com/docs/api "measurement restrictions": names have no case.
    ignoreCase: true,
    equivalentCharacters: undefined,
    // lib/librato.js flushStats: all types keep their names.
    betweenTypes: [{ effect: ONE_METRIC }],
    derivedNames: [
      // timerGaugePct: `latency.90`; the bins of a histogram.
      {
        from: ['ms'],
        pattern: /^(.+)\.(?:\d+(?:\.\d+)?|bin_.+)$/,
        with: ['c', 'g', 'ms', 's'],
        effect: ONE_METRIC,
      },
    ],
  },
};
