// `otel-statsd doctor`: what this environment configures, whether it works, and what to do if not.

import { lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import type { StatsdExporterOptions } from '../../exporter/options/options.js';
import { resourceAttributes } from '../../exporter/options/resource-env.js';
import type { DialectName } from '../../mapping/dialects/index.js';
import { dialectNamed, readArguments } from '../shared/arguments.js';
import { configurationOf, lineOptions } from '../shared/configuration.js';
import { exportedLines } from '../shared/exported-lines.js';
import { type Command, ExitCode, type Io } from '../shared/io.js';
import { diagnoseDelivery } from './check-delivery.js';
import { checkName } from './check-name.js';
import { checkSettings } from './check-settings.js';
import { DOCTOR_HELP } from './help.js';
import { type Finding, type Report, reportText } from './report.js';
import { sendTestMetric, testMetric } from './send-test-metric.js';
import { settingsOf } from './settings.js';

export const doctorCommand: Command = {
  summary: 'look at the configuration, send a test metric, say what is wrong',
  help: DOCTOR_HELP,
  async run(args, io) {
    const { values } = readArguments(
      args,
      {
        endpoint: { type: 'string', short: 'e' },
        dialect: { type: 'string', short: 'd' },
        json: { type: 'boolean', default: false },
      },
      0,
    );
    const flags: StatsdExporterOptions = {
      ...(values.endpoint === undefined ? {} : { endpoint: values.endpoint }),
      ...(values.dialect === undefined ? {} : { dialect: dialectNamed(values.dialect).name as DialectName }),
    };
    const report = await runChecks(flags, io, lookup as LookupFunction);
    io.out.write(values.json ? `${JSON.stringify(report, undefined, 2)}\n` : reportText(report, io.out));
    return report.healthy ? ExitCode.ok : ExitCode.problem;
  },
};

export async function runChecks(
  flags: StatsdExporterOptions,
  { environment, clock, date }: Io,
  look: LookupFunction,
): Promise<Report> {
  const { resolved, warnings } = configurationOf(flags, environment);
  const { destination } = resolved.delivery;
  const findings: Finding[] = checkSettings(resolved, warnings, environment);

  const name = await checkName(destination, look);
  if (name !== undefined) findings.push(name);

  const metric = testMetric(resourceAttributes(environment), date());
  const { lines, warnings: mappingWarnings } = await exportedLines([metric], lineOptions(resolved));
  for (const text of mappingWarnings) {
    if (!warnings.includes(text)) findings.push({ status: 'note', text: `${capitalised(text)}.` });
  }
  if (name?.status !== 'problem') {
    findings.push(diagnoseDelivery(await sendTestMetric(resolved, metric, clock), destination));
  }
  return {
    healthy: findings.every(({ status }) => status !== 'problem'),
    settings: settingsOf(resolved),
    lines,
    findings,
  };
}

function capitalised(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
