import type { Dialect } from './dialect.js';
import { signalfx } from './signalfx.js';

/** Librato tags, as statsd_exporter reads them: `name#key=value,key2=value2:1|c`. */
export const librato: Dialect = {
  ...signalfx,
  name: 'librato',
  // pkg/line/line.go parseNameAndTags: from the first `#` to the end of the name, unless brackets come first.
  tags: { place: 'name', open: '#', assign: '=', separator: ',', close: '' },
};
