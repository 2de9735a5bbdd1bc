import { orControls } from './characters.js';
import { collectd } from './collectd.js';
import type { Dialect } from './dialect.js';

/**
 * The SignalFx (Splunk) agent, `name[key=value,key2=value2]:1|c`: its monitor collectd/statsd is a collectd with
 * tags in the name. The prometheus statsd_exporter reads such lines, too. Sources as of signalfx-agent fbc24b0 of June 2023.
 */
export const signalfx: Dialect = {
  ...collectd,
  name: 'signalfx',
  // signalfx-agent docs/monitors/collectd-statsd.md; statsd_exporter pkg/line/line.go parseNameAndTags.
  tags: { place: 'name', open: '[', assign: '=', separator: ',', close: ']' },
  illegal: {
    name: collectd.illegal.name,
    // SignalFx and Prometheus both take letters, digits and underscores, and neither a digit nor `__` at the start.
    tagKey: /^(?=\d)|^[^A-Za-z0-9]+|[^A-Za-z0-9_]/gu,
    // The brackets end the tags, `,` one of them, and `:` the name.
    tagValue: orControls(/[[\],=:|#@\s]/u),
  },
  limits: {
    ...collectd.limits,
    // signalfx/collectd 4d3327b (COLLECTD_COMMIT in the agent's Makefile) src/daemon/globals.h DATA_MAX_NAME_LEN 1024 with its closing NUL: a
    // longer name is cut, and its tags with it. A line of this length has a shorter name.
    lineBytes: 1024,
    nameLength: 1023,
  },
};
