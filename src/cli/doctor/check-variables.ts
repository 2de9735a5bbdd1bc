// Variables that are probably misspelt: nothing else tells about them, because nothing reads them.

import { CONFIG_VARIABLE } from '../../exporter/options/config-file.js';
import type { Environment } from '../../exporter/options/environment.js';
import { DATADOG_TAGS, OPTIONS } from '../../exporter/options/option-table.js';
import { REGISTER_VARIABLES } from '../../register/settings.js';
import { closestMatch, didYouMean } from '../../runtime/did-you-mean.js';
import type { Finding } from './report.js';

/** Others that have an effect on what is exported. */
const FURTHER_VARIABLES = [CONFIG_VARIABLE, 'OTEL_RESOURCE_ATTRIBUTES', 'OTEL_SERVICE_NAME'];

const KNOWN: ReadonlySet<string> = new Set([
  ...Object.values({ ...OPTIONS, DATADOG_TAGS }).flatMap((row) =>
    'variables' in row ? Object.keys(row.variables) : [],
  ),
  ...REGISTER_VARIABLES,
  ...FURTHER_VARIABLES,
]);

const OWN_PREFIX = 'OTEL_EXPORTER_STATSD_';

export function checkVariables(environment: Environment): Finding[] {
  return Object.keys(environment)
    .filter((name) => !KNOWN.has(name) && (environment[name] ?? '') !== '')
    .sort()
    .flatMap((name) => misspelling(name) ?? []);
}

function misspelling(name: string): Finding | undefined {
  const known = [...KNOWN];
  const [, rest] = /^OTEL_(?:\w+_)??STATS[A-Z]*_(\w+)$/.exec(name) ?? [];
  if (rest !== undefined) {
    const own = known.flatMap((each) => (each.startsWith(OWN_PREFIX) ? each.slice(OWN_PREFIX.length) : []));
    return {
      status: 'problem',
      text: `There is no variable ${name}${didYouMean(rest, own, OWN_PREFIX)}.`,
      advice: 'Correct its name, or unset it.',
    };
  }
  // These may be meant for other programs, so that only what is nearly one of ours is worth a word.
  const meant = closestMatch(name, known, name.startsWith('DD_') ? 1 : 2);
  if (meant === undefined || !/^(OTEL|STATSD|DD)_/.test(name)) return undefined;
  return { status: 'note', text: `${name} has no effect here; is ${meant} meant?` };
}
