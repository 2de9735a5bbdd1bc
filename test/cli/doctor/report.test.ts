import { expect, it } from 'vitest';
import { reportText } from '../../../src/cli/doctor/report.js';
import { FakeOutput } from '../fake-io.js';

it('a narrow window has the source of a value below it, except that of a default', () => {
  const settings = [
    { name: 'endpoint', value: 'udp://127.0.0.1:8125', source: 'OTEL_EXPORTER_STATSD_ENDPOINT' },
    { name: 'prefix', value: '', source: 'default' },
    { name: 'tags', value: 'a=b', source: '--tags' },
  ];
  const findings = [{ status: 'note', text: 'One.' } as const];
  const out = new FakeOutput({ columns: 48, rows: 24 });
  expect(reportText({ healthy: true, versions: {}, settings, lines: ['a:1|c'], findings }, out)).toBe(
    [
      'Configuration',
      '  endpoint  udp://127.0.0.1:8125',
      '            from OTEL_EXPORTER_STATSD_ENDPOINT',
      '  prefix    ',
      '  tags      a=b',
      '            from --tags',
      '',
      'Test metrics',
      '  a:1|c',
      '',
      'Findings',
      '  ! One.',
      '',
      'Healthy.',
      '',
    ].join('\n'),
  );
});

it('marks have colours on a terminal, and what is a default is dim', () => {
  const settings = [
    { name: 'a', value: '1', source: 'default' },
    { name: 'b', value: '2', source: 'B' },
  ];
  const findings = (['ok', 'note', 'problem'] as const).map((status) => ({ status, text: 'x' }));
  const out = new FakeOutput({ columns: 80, rows: 24 }, { hasColour: true });
  const text = (healthy: boolean): string[] =>
    reportText({ healthy, versions: {}, settings, lines: ['a:1|c'], findings }, out).split('\n');
  const common = [
    '\x1b[1mConfiguration\x1b[22m',
    '  a  1  \x1b[2mdefault\x1b[22m',
    '  b  2  B',
    '',
    '\x1b[1mTest metrics\x1b[22m',
    '  a:1|c',
    '',
    '\x1b[1mFindings\x1b[22m',
    '  \x1b[32m✓\x1b[39m x',
    '  \x1b[33m!\x1b[39m x',
    '  \x1b[31m✗\x1b[39m x',
    '',
  ];
  expect([text(true), text(false)]).toEqual([
    [...common, '\x1b[32mHealthy.\x1b[39m', ''],
    [...common, '\x1b[31m1 problem.\x1b[39m', ''],
  ]);
});

/** The lines of a report about the configuration, in a window of this width. */
function configuration(value: string, columns: number): string[] {
  const settings = [{ name: 'n', value, source: 'SOURCE' }];
  const out = new FakeOutput({ columns, rows: 24 });
  const report = reportText({ healthy: true, versions: {}, settings, lines: [], findings: [] }, out);
  const lines = report.split('\n');
  return lines.slice(1, lines.indexOf(''));
}

it('a source stays beside its value while the value has room, or 24 columns of it', () => {
  // Two columns before the name, between it and the value, and between that and the source.
  const others = 2 + 1 + 2 + 2 + 'SOURCE'.length;
  const long = 'x'.repeat(30);
  expect([
    configuration('short', others + 5),
    configuration('short', others + 4),
    configuration(long, others + 24),
    configuration(long, others + 23),
  ]).toEqual([
    ['  n  short  SOURCE'],
    ['  n  short', '     from SOURCE'],
    [`  n  ${'x'.repeat(24)}  SOURCE`, `     ${'x'.repeat(6)}`],
    [`  n  ${long}`, '     from SOURCE'],
  ]);
});

it('a word that is longer than its line breaks after a separator in the second half of the line', () => {
  const lines = (line: string): string[] => {
    const out = new FakeOutput({ columns: 2 + 10, rows: 24 });
    const report = reportText(
      { healthy: true, versions: {}, settings: [], lines: [line], findings: [] },
      out,
    ).split('\n');
    return report.slice(report.indexOf('Test metrics') + 1, report.indexOf('Findings') - 1);
  };
  expect([
    lines('abcde,ghijklm'),
    lines('abcd,fghijklm'),
    lines('a,b|c;d#e/f,g,h'),
    lines('1234567890'),
  ]).toEqual([
    ['  abcde,', '  ghijklm'],
    ['  abcd,fghij', '  klm'],
    ['  a,b|c;d#e/', '  f,g,h'],
    ['  1234567890'],
  ]);
});
