import { EXCEPT_LETTERS_AND_DIGITS, orControls } from './characters.js';
import type { Dialect } from './dialect.js';
import { statsd } from './statsd.js';

/**
 * The Sysdig agent: plain StatsD with tags in the name, `name#key=value,key2=value2:1|c`. What its
 * documentation does not say is that of statsd.
 */
export const sysdig: Dialect = {
  ...statsd,
  name: 'sysdig',
  // docs.sysdig.com "integrate StatsD metrics": `name#tag=value,tag2=value2:value|type`.
  tags: { place: 'name', open: '#', assign: '=', separator: ',', close: '' },
  illegal: {
    // docs.sysdig.com: names cannot have `|#:@`.
    name: statsd.illegal.name,
    tagKey: EXCEPT_LETTERS_AND_DIGITS,
    // `,` ends a tag and `:` the name; nothing can be escaped.
    tagValue: orControls(/[#,=:|@\s]/u),
  },
  limits: {
    ...statsd.limits,
    // docs.sysdig.com states no limits: what fits an Ethernet frame, less 20 bytes of IP and 8 of UDP header.
    datagramBytes: 1472,
    lineBytes: 1472,
  },
  // docs.sysdig.com names none that the agent derives.
  nameCollisions: { ignoreCase: false, equivalentCharacters: undefined },
};
