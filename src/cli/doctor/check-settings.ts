// What can be said about a configuration without sending anything.

import type { Environment } from '../../exporter/options/environment.js';
import type { ResolvedOptions } from '../../exporter/options/resolve-options.js';
import { readSettings } from '../../register/settings.js';
import type { Finding } from './report.js';

/** statsd 0.9.0 exampleConfig.js, mgmt_port; a usual mistake, because it answers. */
const STATSD_ADMIN_PORT = 8126;

export function checkSettings(
  { enabled, mapping, delivery }: ResolvedOptions,
  warnings: readonly string[],
  environment: Environment,
): Finding[] {
  const register = readSettings(environment);
  const { dialect } = mapping;
  const { destination } = delivery;
  const findings: Finding[] = [...warnings, ...register.warnings].map((text) => ({
    status: 'problem',
    text: `${text}.`,
    advice: 'Correct the variable, or unset it.',
  }));
  if (findings.length === 0) findings.push({ status: 'ok', text: 'Every variable makes sense.' });
  if (!enabled) {
    findings.push({
      status: 'problem',
      text: 'Exporting is turned off: apps count, and send nothing.',
      advice: `Unset STATSD_ENABLED (it is "${environment['STATSD_ENABLED']}").`,
    });
  }
  if (register.disabled || !register.metrics) {
    const variable = register.disabled ? 'OTEL_SDK_DISABLED' : 'OTEL_METRICS_EXPORTER';
    findings.push({
      status: 'problem',
      text: `Apps that are started with opentelemetry-exporter-statsd/register measure nothing: ${variable} is "${environment[variable]}".`,
      advice: `Unset ${variable}.`,
    });
  }
  if ('port' in destination && destination.port === STATSD_ADMIN_PORT) {
    findings.push({
      status: 'note',
      text: 'Port 8126 is where statsd is administered; metrics go to 8125 unless it is configured otherwise.',
    });
  }
  if (destination.protocol !== dialect.defaultProtocol && dialect.line === 'plaintext') {
    findings.push({
      status: 'note',
      text: `${dialect.name} listens on ${dialect.defaultProtocol} unless it is told otherwise.`,
    });
  }
  return findings;
}
