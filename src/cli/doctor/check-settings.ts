// Checks of the configuration that need no network.

import type { Environment } from '../../exporter/options/environment.js';
import { readSettings } from '../../register/settings.js';
import type { Configuration } from '../shared/configuration.js';
import { checkVariables } from './check-variables.js';
import type { Finding } from './report.js';

/** statsd 0.9.0 exampleConfig.js, mgmt_port; a common mistake. */
const STATSD_ADMIN_PORT = 8126;

export function checkSettings(
  { resolved, file, warnings }: Configuration,
  environment: Environment,
): Finding[] {
  const register = readSettings(environment);
  const { enabled, mapping, delivery, sources } = resolved;
  const { dialect } = mapping;
  const { destination } = delivery;
  const findings: Finding[] = [...warnings, ...register.warnings].map((text) => ({
    status: 'problem',
    text: `${text}.`,
    advice:
      text === file.fault ? 'Correct the file, or unset the variable.' : 'Correct the variable, or unset it.',
  }));
  findings.push(...checkVariables(environment));
  if (findings.length === 0) findings.push({ status: 'ok', text: 'Every variable is valid.' });
  if (!enabled) {
    findings.push({
      status: 'problem',
      text: 'Exporting is turned off: apps record metrics and send nothing.',
      advice:
        sources.enabled === 'options'
          ? `Remove enabled from ${file.path}.`
          : `Unset STATSD_ENABLED (it is "${environment['STATSD_ENABLED']}").`,
    });
  }
  if (register.disabled || !register.metrics) {
    const variable = register.disabled ? 'OTEL_SDK_DISABLED' : 'OTEL_METRICS_EXPORTER';
    findings.push({
      status: 'problem',
      text: `Apps started with opentelemetry-exporter-statsd/register record nothing: ${variable} is "${environment[variable]}".`,
      advice: `Unset ${variable}.`,
    });
  }
  if ('port' in destination && destination.port === STATSD_ADMIN_PORT) {
    findings.push({
      status: 'note',
      text: 'Port 8126 is the management port of statsd; by default it takes metrics on port 8125.',
    });
  }
  if (mapping.timestamps && dialect.timestamps === 'optional') {
    findings.push({
      status: 'note',
      text:
        'timestamps is on: counters are too high where the agent ignores the time in lines. Datadog agents from 7.40 on ' +
        'read it, unless dogstatsd_no_aggregation_pipeline is false.',
    });
  }
  if (destination.protocol !== dialect.defaultProtocol && dialect.line === 'plaintext') {
    findings.push({
      status: 'note',
      text: `${dialect.name} listens on ${dialect.defaultProtocol} by default.`,
    });
  }
  return findings;
}
