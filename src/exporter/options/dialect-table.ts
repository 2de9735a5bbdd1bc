// The fields of a dialect record in a row each. A record of the user's own is checked as a whole: a wrong field would
// send wrong lines.

import type {
  DerivedNames,
  Dialect,
  DialectLimits,
  SampleRules,
  SetRules,
  TagSyntax,
  TypeCollisions,
} from '../../mapping/dialects/dialect.js';
import { dialects } from '../../mapping/dialects/index.js';
import { closestMatch } from '../../runtime/did-you-mean.js';
import { expectedOf, type OptionRow, type OptionTable } from './check-options.js';
import {
  type Check,
  expectBoolean,
  expectInteger,
  expectList,
  expectOneOf,
  expectPort,
  expectRecord,
  expectString,
  expectText,
  isRecord,
} from './checks.js';

/** Names that other packages and products have for a dialect. */
const ALIASES: Readonly<Record<string, keyof typeof dialects>> = {
  datadog: 'dogstatsd',
  'datadog-agent': 'dogstatsd',
  dd: 'dogstatsd',
  etsy: 'statsd',
  plain: 'statsd',
  vanilla: 'statsd',
  influx: 'telegraf',
  influxdb: 'telegraf',
  influxstatsd: 'telegraf',
  prometheus: 'statsd-exporter',
  opentelemetry: 'otel-collector',
  otel: 'otel-collector',
  otelcol: 'otel-collector',
  atlassian: 'gostatsd',
  stripe: 'veneur',
  github: 'brubeck',
  aws: 'cloudwatch',
  splunk: 'signalfx',
};

/** The name of a built-in dialect. */
export const expectDialectName: Check = (value) => {
  const names = Object.keys(dialects);
  if (typeof value !== 'string') return `the name of a dialect (${names.join(', ')})`;
  if (names.includes(value)) return undefined;
  const word = value.toLowerCase();
  const match = (Object.hasOwn(ALIASES, word) ? ALIASES[word] : undefined) ?? closestMatch(word, names);
  const hint = match === undefined ? '' : `; did you mean "${match}"?`;
  return `the name of a dialect (${names.join(', ')}${hint})`;
};

/** `g` because every match is replaced. A line break that is left would end the line in the middle. */
const expectIllegal: Check = (value) =>
  value instanceof RegExp && value.flags.includes('g') && '\n'.replace(value, '_') === '_'
    ? undefined
    : 'a RegExp with the flag g that matches line breaks, too';

const expectRegExp: Check = (value) => (value instanceof RegExp ? undefined : 'a RegExp');

const expectGlobalRegExp: Check = (value) =>
  value instanceof RegExp && value.flags.includes('g') ? undefined : 'a RegExp with the flag g';

/** Without `g`, which makes a RegExp remember where it matched last. */
const expectMembers: Check = (value) =>
  value instanceof RegExp && !/[gy]/.test(value.flags) && !value.test('a\nb') && !value.test('a|b')
    ? undefined
    : 'a RegExp without the flags g and y that matches no text with a line break or "|"';

const expectSyntax: Check = (value) =>
  typeof value === 'string' && !/[\r\n]/.test(value) ? undefined : 'a string without line breaks';

const expectType: Check = (value) =>
  typeof value === 'string' && /^[^\s:|@#]*$/.test(value)
    ? undefined
    : 'a StatsD type such as "c", "g", "ms", "h" or "d"';

const expectLetter: Check = (value) =>
  typeof value === 'string' && /^[A-Za-z]$/.test(value) ? undefined : 'a letter from A to Z';

const expectLimit: Check = (value) =>
  typeof value === 'number' && value > 0 ? undefined : 'a number above 0, or Infinity';

const expectDecimals: Check = (value) =>
  value === Infinity || (Number.isSafeInteger(value) && Number(value) >= 0)
    ? undefined
    : 'a whole number of at least 0, or Infinity';

const STATSD_TYPES = ['c', 'g', 'ms', 'h', 'd', 's'] as const;

const expectTypes = expectList(`a list of ${STATSD_TYPES.join(', ')}`);

const expectPattern: Check = (value) =>
  value instanceof RegExp && !/[gy]/.test(value.flags) ? undefined : 'a RegExp without the flags g and y';

/** An item of a list that is an object of these fields. */
function expectFields(text: string, options: Readonly<Record<string, OptionRow>>): Check {
  return (value) => (isRecord(value) && expectedOf(value, { options }) === undefined ? undefined : text);
}

const TAGS = {
  place: { check: expectOneOf(['folded', 'name', 'end']), isRequired: true },
  open: { check: expectSyntax, isRequired: true },
  assign: { check: expectSyntax, isRequired: true },
  separator: { check: expectSyntax, isRequired: true },
  close: { check: expectSyntax, isRequired: true },
} satisfies OptionTable<TagSyntax>;

const SAMPLES = {
  rate: { check: expectOneOf(['weighted', 'count-only', 'none']), isRequired: true },
  maxWeight: { check: expectLimit, isRequired: true },
  maxCount: { check: expectLimit },
  packed: { check: expectBoolean, isRequired: true },
  negative: { check: expectBoolean, isRequired: true },
  exactSum: { check: expectBoolean },
  perPoint: { check: expectInteger(1, 'samples'), isRequired: true },
} satisfies OptionTable<SampleRules>;

const LIMITS = {
  datagramBytes: { check: expectLimit, isRequired: true },
  lineBytes: { check: expectLimit, isRequired: true },
  nameLength: { check: expectLimit, isRequired: true },
  tagLength: { check: expectLimit, isRequired: true },
  counter: { check: expectLimit, isRequired: true },
  gauge: { check: expectLimit, isRequired: true },
} satisfies OptionTable<DialectLimits>;

export const DIALECT = {
  name: { check: expectText, isRequired: true },
  defaultProtocol: { check: expectOneOf(['udp', 'tcp']), isRequired: true },
  defaultPort: { check: expectPort, isRequired: true },
  line: { check: expectOneOf(['statsd', 'plaintext']), isRequired: true },
  tags: { options: TAGS, isRequired: true },
  illegal: {
    options: {
      name: { check: expectIllegal, isRequired: true },
      tagKey: { check: expectIllegal, isRequired: true },
      tagValue: { check: expectIllegal, isRequired: true },
    } satisfies OptionTable<Dialect['illegal']>,
    isRequired: true,
  },
  leadingLetter: { check: expectLetter },
  reservedTags: {
    options: {
      keys: { check: expectRegExp, isRequired: true },
      rename: { check: expectString, isRequired: true },
    } satisfies OptionTable<NonNullable<Dialect['reservedTags']>>,
  },
  types: {
    options: {
      counter: { check: expectType, isRequired: true },
      gauge: { check: expectType, isRequired: true },
      timer: { check: expectType, isRequired: true },
      histogram: { check: expectType, isRequired: true },
    } satisfies OptionTable<Dialect['types']>,
    isRequired: true,
    conflict: ({ line, types }) =>
      line === 'statsd' && Object.values(types as object).includes('')
        ? 'must not be empty when line is "statsd"'
        : undefined,
  },
  timeUnit: { check: expectOneOf(['ms', 's', 'instrument']), isRequired: true },
  acceptedTypes: {
    check: expectTypes,
    items: expectOneOf(STATSD_TYPES),
    isRequired: true,
  },
  misreadTypes: { check: expectRecord('an object from type to text'), items: expectString },
  negativeGauge: { check: expectOneOf(['zero-first', 'absolute', 'single-line']), isRequired: true },
  counterDecimals: { check: expectDecimals, isRequired: true },
  negativeCounter: { check: expectBoolean, isRequired: true },
  histograms: { check: expectOneOf(['samples', 'summary']), isRequired: true },
  samples: { options: SAMPLES, isRequired: true },
  sets: {
    options: {
      members: { check: expectMembers, isRequired: true },
      isEstimate: { check: expectBoolean, isRequired: true },
    } satisfies OptionTable<SetRules>,
  },
  timestamps: { check: expectOneOf(['never', 'optional', 'required']), isRequired: true },
  limits: { options: LIMITS, isRequired: true },
  unixStreamFraming: { check: expectOneOf(['newline', 'length-prefixed']) },
  toleratesConnectionReset: { check: expectBoolean },
  nameCollisions: {
    options: {
      ignoreCase: { check: expectBoolean, isRequired: true },
      equivalentCharacters: { check: expectGlobalRegExp },
      betweenTypes: {
        check: expectList('a list of { types?, effect }'),
        items: expectFields('{ types?, effect }', {
          types: { check: expectTypes, items: expectOneOf(STATSD_TYPES) },
          effect: { check: expectText, isRequired: true },
        } satisfies OptionTable<TypeCollisions>),
      },
      derivedNames: {
        check: expectList('a list of { from, pattern, with, effect }'),
        items: expectFields('{ from, pattern, with, effect }', {
          from: { check: expectTypes, items: expectOneOf(STATSD_TYPES), isRequired: true },
          pattern: { check: expectPattern, isRequired: true },
          with: { check: expectTypes, items: expectOneOf(STATSD_TYPES), isRequired: true },
          effect: { check: expectText, isRequired: true },
        } satisfies OptionTable<DerivedNames>),
      },
    } satisfies OptionTable<Dialect['nameCollisions']>,
    isRequired: true,
  },
  resourceTags: {
    check: expectRecord('an object from attribute name to tag name'),
    items: expectText,
    isRequired: true,
  },
  originFields: { check: expectList('a list of field names'), items: expectText },
  readsDatadogEnvironment: { check: expectBoolean, isRequired: true },
} satisfies OptionTable<Dialect>;
