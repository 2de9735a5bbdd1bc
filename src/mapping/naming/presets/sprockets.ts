// Names as sprockets-statsd sends them: sorted by `counters`, `gauges` and `timers`, and each request as
// `timers.<handler>.<method>.<status>` (sprockets_statsd/tornado.py RequestHandler.on_finish).

import type { NameRule, NamingFunction, NamingTable } from '../naming-rules.js';
import { semconv } from './semconv.js';

const request: NameRule = {
  name:
    '{type}.{http.route|none}.{http.request.method|http.method|none}.' +
    '{http.response.status_code|http.status_code|none}',
  attributes: [],
};

function sorted(rule: string | NameRule | NamingFunction): string | NameRule | NamingFunction {
  if (typeof rule === 'string') return `{type}.${rule}`;
  return typeof rule === 'function' ? rule : { ...rule, name: `{type}.${rule.name}` };
}

export const sprockets: NamingTable = {
  ...Object.fromEntries(Object.entries(semconv).map(([metric, rule]) => [metric, sorted(rule)])),
  'http.server.request.duration': request,
  'http.server.duration': request,
  '*': '{type}.{name}',
};
