import { expect, it } from 'vitest';
import { checkSettings } from '../../../src/cli/doctor/check-settings.js';
import { configurationOf } from '../../../src/cli/shared/configuration.js';
import type { StatsdExporterOptions } from '../../../src/exporter/options/options.js';

async function notesOf(options: StatsdExporterOptions): Promise<string[]> {
  const findings = checkSettings(await configurationOf(options, {}), {});
  return findings.filter(({ status }) => status === 'note').map(({ text }) => text);
}

it('the precondition of timestamps is a note where lines carry them', async () => {
  expect([
    await notesOf({ dialect: 'dogstatsd', timestamps: true }),
    await notesOf({ dialect: 'dogstatsd' }),
    await notesOf({ dialect: 'statsd', timestamps: true }),
  ]).toEqual([
    [
      'timestamps is on: counters are too high where the agent ignores the time in lines. Datadog agents from 7.40 on ' +
        'read it, unless dogstatsd_no_aggregation_pipeline is false.',
    ],
    [],
    [],
  ]);
});
