import type { Dialect } from '../../dialects/dialect.js';
import type { NamingRules, NamingTable } from '../naming-rules.js';
import { templates } from './semconv.js';
import { sprockets } from './sprockets.js';

const semconv: NamingTable = templates;

/**
 * Tables for the option `names`, to be changed by spreading them:
 * `{ ...namePresets.semconv, 'http.server.request.duration': 'web.{http.route|none}' }`.
 *
 * - `semconv`: short names with fixed positions for the metrics of OpenTelemetry's semantic conventions, such as
 *   `http.server.request.duration.GET.users__id.200`. Attributes without a position are removed, and series that become
 *   one by it are merged. Other metrics keep their names and attributes.
 * - `sprockets`: the names of sprockets-statsd, such as `timers.users__id.GET.200` and `counters.orders`.
 * - `plain`: no rules. All metrics keep their names and attributes.
 */
export const namePresets = { semconv, sprockets, plain: {} } as const satisfies Record<string, NamingTable>;

export type NamePreset = keyof typeof namePresets;

/** sprockets-statsd: `applications.<service>.<environment>`. */
const PREFIXES: Readonly<Partial<Record<NamePreset, string>>> = {
  sprockets: 'applications.{service.name}.{deployment.environment.name|}',
};

/** Without tags, attributes make long names in which no position is fixed. */
export function defaultPreset({ tags }: Dialect): NamePreset {
  return tags.place === 'folded' ? 'semconv' : 'plain';
}

export function rulesOf(names: NamePreset | NamingRules): NamingRules {
  return typeof names === 'string' ? namePresets[names] : names;
}

/** The preset that a table is; undefined for one of the user's own. */
export function presetOf(rules: NamingRules | undefined): NamePreset | undefined {
  return (Object.keys(namePresets) as NamePreset[]).find((preset) => namePresets[preset] === rules);
}

/** The prefix that belongs to a preset; empty when there is none. */
export function prefixOf(names: NamePreset | NamingRules): string {
  return (typeof names === 'string' && PREFIXES[names]) || '';
}
