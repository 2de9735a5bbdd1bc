import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { checkSettings } from '../../../src/cli/doctor/check-settings.js';
import { configurationOf } from '../../../src/cli/shared/configuration.js';
import type { Environment } from '../../../src/exporter/options/environment.js';
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

const VALID = { status: 'ok', text: 'Every variable is valid.' };

async function findingsOf(environment: Environment, options: StatsdExporterOptions = {}) {
  return checkSettings(await configurationOf(options, environment), environment);
}

/** The path of a configuration file with this content. */
function configFile(content: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'statsd-config-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'statsd.json');
  writeFileSync(path, content);
  return path;
}

it('a configuration file and a variable that are ignored are problems', async () => {
  const path = configFile('[]');
  expect(await findingsOf({ OTEL_EXPORTER_STATSD_CONFIG: path, STATSD_PORT: 'x' })).toEqual([
    {
      status: 'problem',
      text: `OTEL_EXPORTER_STATSD_CONFIG is ignored: ${path}: its default export must be an object, or a function that returns one.`,
      advice: 'Correct the file, or unset the variable.',
    },
    {
      status: 'problem',
      text: 'STATSD_PORT is ignored: expected a port number from 1 to 65535, got "x".',
      advice: 'Correct the variable, or unset it.',
    },
  ]);
});

it('exporting that is turned off is a problem, with the place where', async () => {
  const path = configFile('{ "enabled": false }');
  const text = 'Exporting is turned off: apps record metrics and send nothing.';
  expect([
    await findingsOf({ OTEL_EXPORTER_STATSD_CONFIG: path }),
    await findingsOf({ STATSD_ENABLED: 'false' }),
  ]).toEqual([
    [VALID, { status: 'problem', text, advice: `Remove enabled from ${path}.` }],
    [VALID, { status: 'problem', text, advice: 'Unset STATSD_ENABLED (it is "false").' }],
  ]);
});

it('metrics that register does not record are a problem', async () => {
  const text = 'Apps started with opentelemetry-exporter-statsd/register record nothing: ';
  expect([
    await findingsOf({ OTEL_SDK_DISABLED: 'true' }),
    await findingsOf({ OTEL_METRICS_EXPORTER: 'none' }),
  ]).toEqual([
    [
      VALID,
      { status: 'problem', text: `${text}OTEL_SDK_DISABLED is "true".`, advice: 'Unset OTEL_SDK_DISABLED.' },
    ],
    [
      VALID,
      {
        status: 'problem',
        text: `${text}OTEL_METRICS_EXPORTER is "none".`,
        advice: 'Unset OTEL_METRICS_EXPORTER.',
      },
    ],
  ]);
});

it('the management port of statsd is worth a note', async () => {
  expect([
    await findingsOf({}, { endpoint: 'udp://a:8126' }),
    await findingsOf({}, { endpoint: 'udp://a:8125' }),
    await findingsOf({}, { endpoint: 'unix:///a' }),
  ]).toEqual([
    [
      VALID,
      {
        status: 'note',
        text: 'Port 8126 is the management port of statsd; by default it takes metrics on port 8125.',
      },
    ],
    [VALID],
    [VALID],
  ]);
});

it('a plaintext server that is sent to over another protocol than its usual one is worth a note', async () => {
  expect([
    await notesOf({ dialect: 'carbon', endpoint: 'udp://a:2003' }),
    await notesOf({ dialect: 'carbon', endpoint: 'tcp://a:2003' }),
    await notesOf({ dialect: 'statsd', endpoint: 'tcp://a:8125' }),
  ]).toEqual([['carbon listens on tcp by default.'], [], []]);
});
