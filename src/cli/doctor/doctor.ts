// `otel-statsd doctor`: checks the configuration of this environment and the delivery of test metrics.

import { lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import type { StatsdExporterOptions } from '../../exporter/options/options.js';
import { resourceAttributes } from '../../exporter/options/resource-env.js';
import type { DialectName } from '../../mapping/dialects/index.js';
import { printableJson } from '../../runtime/printable.js';
import { formatDestination } from '../../transport/endpoint/destination.js';
import { traitsOf } from '../../transport/endpoint/protocols.js';
import { type Framing, framingOf } from '../../transport/packing/framing.js';
import { dialectNamed, readArguments } from '../shared/arguments.js';
import { configurationOf, lineOptions } from '../shared/configuration.js';
import { exportedLines } from '../shared/exported-lines.js';
import { type Command, ExitCode, type Io } from '../shared/io.js';
import { answeredBy, diagnoseDelivery } from './check-delivery.js';
import { checkName } from './check-name.js';
import { checkSettings } from './check-settings.js';
import { DOCTOR_HELP } from './help.js';
import { readAnswer } from './read-answer.js';
import { redact } from './redact.js';
import { type Finding, type Report, reportText } from './report.js';
import { sendTestMetrics } from './send-test-metrics.js';
import { settingsOf } from './settings.js';
import { probeMetric, testMetrics } from './test-metrics.js';

export const doctorCommand: Command = {
  summary: 'check the configuration, send test metrics, say what is wrong',
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
    io.out.write(values.json ? `${printableJson(report, 2)}\n` : reportText(report, io.out));
    return report.healthy ? ExitCode.ok : ExitCode.problem;
  },
};

/** @param look the system's look-up of host names */
export async function runChecks(
  flags: StatsdExporterOptions,
  { environment, clock, date, versions }: Pick<Io, 'environment' | 'clock' | 'date' | 'versions'>,
  look: LookupFunction,
): Promise<Report> {
  const configuration = await configurationOf(flags, environment);
  const { resolved, warnings } = configuration;
  const { destination } = resolved.delivery;
  const { dialect } = resolved.mapping;
  const findings: Finding[] = checkSettings(configuration, environment);

  const name = await checkName(destination, look);
  if (name !== undefined) findings.push(name);

  const attributes = resourceAttributes(environment);
  const metrics = testMetrics(attributes, date());
  const { lines, warnings: mappingWarnings } = await exportedLines([metrics], lineOptions(configuration));
  for (const text of mappingWarnings) {
    if (!warnings.includes(text)) findings.push({ status: 'note', text: `${capitalised(text)}.` });
  }
  const probe = await exportedLines([probeMetric(attributes, date())], lineOptions(configuration));
  if (traitsOf(destination.protocol) === undefined) {
    findings.push({
      status: 'note',
      text: `Lines go to ${formatDestination(destination)} of the configuration file, where nothing is sent from here.`,
    });
  } else if (name?.status !== 'problem') {
    const delivery = diagnoseDelivery(await sendTestMetrics(configuration, metrics, clock), {
      destination,
      dialect,
    });
    const answer =
      delivery.status === 'ok'
        ? await readAnswer(
            destination,
            payloadOf(probe.lines, framingOf(destination.protocol, dialect)),
            clock,
          )
        : undefined;
    findings.push(answer === undefined ? delivery : answeredBy(answer, formatDestination(destination)));
  }
  const hide = (text: string): string => redact(text, resolved.mapping.tags);
  return {
    healthy: findings.every(({ status }) => status !== 'problem'),
    versions,
    settings: settingsOf(configuration).map((setting) => ({ ...setting, value: hide(setting.value) })),
    lines: [...lines, ...probe.lines].map(hide),
    findings: findings.map(({ status, text, advice }) => ({
      status,
      text: hide(text),
      ...(advice === undefined ? {} : { advice: hide(advice) }),
    })),
  };
}

function payloadOf(lines: readonly string[], framing: Framing): Buffer {
  const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
  if (framing === 'newline') return bytes;
  const length = Buffer.alloc(4);
  length.writeUInt32LE(bytes.length);
  return Buffer.concat([length, bytes]);
}

function capitalised(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
