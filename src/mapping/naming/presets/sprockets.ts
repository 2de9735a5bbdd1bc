// Names as sprockets-statsd sends them: sorted by `counters`, `gauges` and `timers`, and each request as
// `timers.<handler>.<method>.<status>` (sprockets_statsd/tornado.py RequestHandler.on_finish).

import type { NameRule, NamingTable } from '../naming-rules.js';
import { templates } from './semconv.js';

const request: NameRule = {
  name:
    '{type}.{http.route|none}.{http.request.method|http.method|none}.' +
    '{http.response.status_code|http.status_code|none}',
  attributes: [],
};

function sorted(rule: string | NameRule): string | NameRule {
  return typeof rule === 'string' ? `{type}.${rule}` : { ...rule, name: `{type}.${rule.name}` };
}

export const sprockets: NamingTable = {
  ...Object.fromEntries(Object.entries(templates).map(([metric, rule]) => [metric, sorted(rule)])),
  'http.server.request.duration': request,
  'http.server.duration': request,
  '*': '{type}.{name}',
};
