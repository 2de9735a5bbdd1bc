import type { Dialect } from './dialect.js';
import { statsd } from './statsd.js';

/**
 * statsd/statsd 0.9 and later in front of Graphite 1.1 and later: `name;key=value;key2=value2:1|c`. Sources as of statsd 0.9.0
 * and carbon 1.1.10.
 */
export const graphite: Dialect = {
  ...statsd,
  name: 'graphite',
  // stats.js sanitizeKeyName keeps `;` and `=` in names; backends/graphite.js format puts its suffix before the first `;`.
  tags: { place: 'name', open: ';', assign: '=', separator: ';', close: '' },
  illegal: {
    name: statsd.illegal.name,
    // stats.js sanitizeKeyName deletes what is not in here; carbon lib/carbon/util.py TaggedSeries.parse_carbon
    // forbids `;` and `=` (and more) in keys.
    tagKey: /[^A-Za-z0-9_.-]/gu,
    tagValue: /[^A-Za-z0-9_.-]/gu,
  },
  // carbon lib/carbon/util.py TaggedSeries: the tag `name` is the path itself; VictoriaMetrics calls it `__name__`.
  reservedTags: { keys: /^(?:name|__name__)$/, rename: '$&_' },
};
