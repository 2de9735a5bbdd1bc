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
