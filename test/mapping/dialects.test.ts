// The table of all dialects: whatever changes in a record has to change here, too.
import { expect, test } from 'vitest';
import type { Dialect } from '../../src/mapping/dialects/dialect.js';
import { dialects } from '../../src/mapping/dialects/index.js';

const number = (value: number): string => {
  if (value === Infinity) return '-';
  if (value === Number.MAX_SAFE_INTEGER) return '2^53';
  const power = Math.log2(value);
  return Number.isInteger(power) && power > 20 ? `2^${power}` : String(value);
};
const flag = (value: boolean): string => (value ? 'yes' : 'no');

function tableOf(columns: Readonly<Record<string, (dialect: Dialect) => string>>): string[] {
  const rows = [
    ['', ...Object.keys(columns)],
    ...Object.entries<Dialect>(dialects).map(([name, dialect]) => [
      name,
      ...Object.values(columns).map((column) => column(dialect)),
    ]),
  ];
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  );
}

const linesOf = (text: string): string[] => text.split('\n').slice(1, -1);

test('what a line looks like', () => {
  const table = tableOf({
    protocol: ({ defaultProtocol }) => defaultProtocol,
    port: ({ defaultPort }) => String(defaultPort),
    line: ({ line }) => line,
    tags: ({ tags: { place, open, assign, separator, close } }) =>
      `${place} ${open}k${assign}v${separator}l${assign}w${close}`,
    types: ({ types }) => Object.values(types).join(' '),
    'gauge < 0': ({ negativeGauge }) => negativeGauge,
    decimals: ({ counterDecimals }) => number(counterDecimals),
    'counter < 0': ({ negativeCounter }) => flag(negativeCounter),
    time: ({ timestamps }) => timestamps,
  });
  expect(table).toEqual(
    linesOf(`
                 protocol  port  line       tags             types      gauge < 0    decimals  counter < 0  time
statsd           udp       8125  statsd     folded .k.v.l.w  c g ms ms  zero-first   -         yes          never
graphite         udp       8125  statsd     name ;k=v;l=w    c g ms ms  zero-first   -         yes          never
dogstatsd        udp       8125  statsd     end |#k:v,l:w    c g d d    absolute     -         yes          optional
telegraf         udp       8125  statsd     name ,k=v,l=w    c g ms h   single-line  0         yes          never
statsd-exporter  udp       9125  statsd     end |#k:v,l:w    c g ms h   zero-first   -         no           never
otel-collector   udp       8125  statsd     end |#k:v,l:w    c g ms h   zero-first   0         yes          never
gostatsd         udp       8125  statsd     end |#k:v,l:w    c g ms h   absolute     0         yes          never
vector           udp       8125  statsd     end |#k:v,l:w    c g ms h   zero-first   -         yes          never
netdata          udp       8125  statsd     folded .k.v.l.w  c g ms h   zero-first   0         yes          never
collectd         udp       8125  statsd     folded .k.v.l.w  c g ms ms  zero-first   -         yes          never
statsite         udp       8125  statsd     folded .k.v.l.w  c g ms ms  zero-first   6         yes          never
brubeck          udp       8125  statsd     folded .k.v.l.w  c g ms ms  zero-first   4         yes          never
veneur           udp       8125  statsd     end |#k:v,l:w    c g ms h   absolute     0         yes          never
cloudwatch       udp       8125  statsd     name ,k=v,l=w    c g ms h   zero-first   0         yes          never
signalfx         udp       8125  statsd     name [k=v,l=w]   c g ms h   zero-first   -         no           never
librato          udp       8125  statsd     name #k=v,l=w    c g ms h   zero-first   -         no           never
sysdig           udp       8125  statsd     name #k=v,l=w    c g ms ms  zero-first   -         yes          never
carbon           tcp       2003  plaintext  name ;k=v;l=w               absolute     -         yes          required
`),
  );
});

test('what becomes of histograms', () => {
  const table = tableOf({
    default: ({ histograms }) => histograms,
    rate: ({ samples }) => samples.rate,
    weight: ({ samples }) => number(samples.maxWeight),
    packed: ({ samples }) => flag(samples.packed),
    negative: ({ samples }) => flag(samples.negative),
    samples: ({ samples }) => String(samples.perPoint),
  });
  expect(table).toEqual(
    linesOf(`
                 default  rate        weight      packed  negative  samples
statsd           samples  count-only  2^53        no      no        101
graphite         samples  count-only  2^53        no      no        101
dogstatsd        samples  weighted    2^53        yes     yes       100
telegraf         summary  weighted    65536       no      no        20
statsd-exporter  samples  weighted    65536       yes     yes       100
otel-collector   samples  weighted    2^53        no      yes       20
gostatsd         samples  count-only  2^53        no      yes       101
vector           samples  weighted    4294967295  no      yes       20
netdata          samples  weighted    100         no      yes       20
collectd         summary  none        1           no      no        1
statsite         samples  count-only  2^53        no      yes       101
brubeck          samples  count-only  2^53        no      yes       101
veneur           samples  weighted    2^23        yes     yes       100
cloudwatch       samples  weighted    2^53        no      no        20
signalfx         samples  weighted    65536       yes     yes       100
librato          samples  weighted    65536       yes     yes       100
sysdig           samples  count-only  2^53        no      no        101
carbon           summary  none        1           no      no        1
`),
  );
});

test('how much is sent', () => {
  const table = tableOf({
    datagram: ({ limits }) => number(limits.datagramBytes),
    line: ({ limits }) => number(limits.lineBytes),
    name: ({ limits }) => number(limits.nameLength),
    tag: ({ limits }) => number(limits.tagLength),
    counter: ({ limits }) => number(limits.counter),
    gauge: ({ limits }) => number(limits.gauge),
  });
  expect(table).toEqual(
    linesOf(`
                 datagram  line   name  tag  counter  gauge
statsd           65507     -      -     -    -        -
graphite         65507     -      -     -    -        -
dogstatsd        8192      8192   200   200  -        -
telegraf         65507     65535  -     -    2^63     -
statsd-exporter  65507     4095   -     -    -        -
otel-collector   65507     4096   -     -    2^63     -
gostatsd         65507     65507  -     -    2^63     -
vector           65507     -      -     -    -        -
netdata          8999      65534  960   -    2^63     9223372036854776
collectd         4095      4095   127   -    -        -
statsite         65507     -      -     -    -        -
brubeck          8191      8191   -     -    2^32     2^32
veneur           4096      4095   -     -    2^63     -
cloudwatch       65507     65507  -     -    2^63     2^360
signalfx         65507     4095   -     -    -        -
librato          65507     4095   -     -    -        -
sysdig           65507     -      -     -    -        -
carbon           8192      16384  -     -    -        -
`),
  );
});

/** Characters besides letters and digits that stay what they are. */
function kept(illegal: RegExp): string {
  const characters = Array.from({ length: 0x7f - 0x20 }, (_, index) => String.fromCharCode(0x20 + index));
  const others = ['é', '日', '\u00a0', '\n', '\u007f', '\u2028', '\ud800'];
  return [...characters.filter((text) => !/[A-Za-z0-9]/.test(text)), ...others]
    .filter((text) => `a${text}`.replace(illegal, '_') === `a${text}`)
    .map((text) => (text.trim() === '' ? `U+${text.codePointAt(0)!.toString(16).padStart(4, '0')}` : text))
    .join('');
}

test('which characters stay, and which tag keys are given way to', () => {
  const table = tableOf({
    name: ({ illegal }) => kept(illegal.name),
    key: ({ illegal }) => kept(illegal.tagKey),
    reserved: ({ reservedTags }) =>
      reservedTags === undefined ? '' : `${reservedTags.keys.source} ${reservedTags.rename}`,
    value: ({ illegal }) => kept(illegal.tagValue),
  });
  expect(table).toEqual(
    linesOf(`
                 name  key     reserved                         value
statsd           -._   -_                                       -_
graphite         -._   -._     ^(?:name|__name__)$ $&_          -._
dogstatsd        ._    -./_é日  ^(?:host|dd\\.internal\\..*)$ $&_  U+0020!"#$%&'()*+-./:;<=>?@[\\]^_\`{}~é日U+00a0
telegraf         -._   -./_é日  ^metric_type$ $&_                !"#$%&'()*+-./;<=>?@[\\]^_\`{}~é日
statsd-exporter  -._   _       ^(?:le|quantile)$ $&_            U+0020!"#$%&'()*+-./:;<=>?@[\\]^_\`{}~é日U+00a0
otel-collector   -._   -./_é日                                   U+0020!"#$%&'()*+-./:;<=>?@[\\]^_\`{}~é日U+00a0
gostatsd         -._   -./_é日  ^(?:gsd_histogram|host)$ $&_     U+0020!"#$%&'()*+-./:;<=>?@[\\]^_\`{}~é日U+00a0
vector           -._   -./_é日                                   U+0020!"#$%&'()*+-./:;<=>?@[\\]^_\`{}~é日U+00a0
netdata          -._   -_                                       -_
collectd         -._   -_                                       -_
statsite         -._   -_                                       -_
brubeck          -._   -_                                       -_
veneur           -._   -./_é日  ^veneur _$&                      U+0020!"#$%&'()*+-./:;<=>?@[\\]^_\`{}~é日U+00a0
cloudwatch       -._   -./_é日  ^metric_type$ $&_                !"#$%&'()*+-./;<>?@[\\]^_\`{}~é日
signalfx         -._   _       ^(?:le|quantile)$ $&_            !"$%&'()*+-./;<>?\\^_\`{}~é日
librato          -._   _       ^(?:le|quantile)$ $&_            !"$%&'()*+-./;<>?\\^_\`{}~é日
sysdig           -._   -./_é日                                   !"$%&'()*+-./;<>?[\\]^_\`{}~é日
carbon           -._   -./_é日  ^(?:name|__name__)$ $&_          !#$%&'()*+,-./:<=>?@[\\]^_\`|~é日
`),
  );
});

test('what else is to know', () => {
  const table = tableOf({
    case: ({ nameCollisions }) => (nameCollisions.ignoreCase ? 'ignored' : ''),
    alike: ({ nameCollisions }) => String(nameCollisions.equivalentCharacters ?? ''),
    'unix stream': ({ unixStreamFraming }) => unixStreamFraming ?? '',
    'DD_*': ({ readsDatadogEnvironment }) => flag(readsDatadogEnvironment),
    'tags of the resource': ({ resourceTags }) => Object.entries(resourceTags).flat().join(' '),
  });
  expect(table).toEqual(
    linesOf(`
                 case     alike     unix stream      DD_*  tags of the resource
statsd                                               no
graphite                                             no
dogstatsd                           length-prefixed  yes   service.name service service.version version deployment.environment.name env
telegraf                  /\\./g                      no
statsd-exporter           /\\.|-+/g                   no
otel-collector                                       no
gostatsd                                             no
vector                                               no
netdata          ignored  /[._]/g                    no
collectd                                             no
statsite                                             no
brubeck                                              no
veneur                                               no
cloudwatch                /\\./g                      no
signalfx                  /\\.|-+/g                   no
librato                   /\\.|-+/g                   no
sysdig                                               no
carbon                                               no
`),
  );
});

test('which servers a reset connection would stop', () => {
  const fragile = Object.values<Dialect>(dialects).filter(
    ({ toleratesConnectionReset }) => toleratesConnectionReset === false,
  );
  expect(fragile.map(({ name }) => name)).toEqual(['statsd', 'graphite', 'sysdig']);
});

test('where a counter of the exact sum would be mixed up with the server’s own', () => {
  const mixing = Object.values<Dialect>(dialects).filter(({ samples }) => samples.exactSum === false);
  expect(mixing.map(({ name }) => name)).toEqual(['brubeck']);
});

test('which servers read where a line comes from', () => {
  const reading = Object.values<Dialect>(dialects).filter(({ originFields }) => originFields !== undefined);
  expect(reading.map(({ name, originFields }) => [name, originFields])).toEqual([
    ['dogstatsd', ['c', 'e', 'card']],
  ]);
});

test('every record has the name it goes by', () => {
  expect(Object.entries<Dialect>(dialects).filter(([name, dialect]) => dialect.name !== name)).toEqual([]);
});

test('an expression replaces every match of a text, whatever it was used for before', () => {
  for (const { illegal } of Object.values<Dialect>(dialects)) {
    for (const expression of Object.values(illegal)) {
      expect([expression.global, expression.sticky, expression.unicode]).toEqual([true, false, true]);
    }
  }
});
