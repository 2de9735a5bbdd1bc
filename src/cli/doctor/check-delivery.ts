// What the exporter's counts after the test metrics mean, and what to do when delivery failed.

import { explainCause } from '../../exporter/telemetry/delivery-causes.js';
import type { StatsdExporterStats } from '../../exporter/telemetry/stats.js';
import { type Destination, formatDestination } from '../../transport/endpoint/destination.js';
import { traitsOf } from '../../transport/endpoint/protocols.js';
import type { Finding } from './report.js';
import type { DeliveryTarget } from './send-test-metrics.js';

/** What no delivery can show. */
const LOOK_THERE =
  'What the server made of the lines cannot be seen from here: look there for the test metrics. If one is missing, or ' +
  'its name, tag or value differs, the dialect is not that of the server.';

export function diagnoseDelivery(
  stats: StatsdExporterStats,
  { destination, dialect }: Pick<DeliveryTarget, 'destination' | 'dialect'>,
): Finding {
  const where = formatDestination(destination);
  const [failure] = Object.keys(stats.connectFailures);
  const [disconnect] = Object.keys(stats.disconnects);
  if (stats.confirmedLines > 0) {
    return {
      status: 'ok',
      text: `The server at ${where} read the lines and closed the connection. Delivery is confirmed.`,
      advice: LOOK_THERE,
    };
  }
  if (stats.dnsFailures > 0) return failed('ENOTFOUND', where, { destination, dialect });
  if (stats.udpRefused > 0) return failed('ECONNREFUSED', where, { destination, dialect });
  if (failure !== undefined) return failed(failure, where, { destination, dialect });
  if (disconnect !== undefined) return failed(disconnect, where, { destination, dialect });
  if (stats.writtenLines > 0) return sentUnconfirmed(where, destination);
  const droppedPoints = Object.keys(stats.droppedPoints)[0];
  if (droppedPoints !== undefined) {
    return problem(
      `The test metrics cannot be written as lines (${droppedPoints}).`,
      'Check prefix and tags.',
    );
  }
  return failed('confirm_timeout', where, { destination, dialect });
}

function problem(text: string, advice?: string): Finding {
  return { status: 'problem', text, ...(advice === undefined ? {} : { advice }) };
}

function sentUnconfirmed(where: string, { protocol }: Destination): Finding {
  const traits = traitsOf(protocol);
  if (traits?.kind !== 'datagram') {
    return {
      status: 'ok',
      text: `The connection to ${where} took the lines. Persistent delivery confirms no more.`,
      advice: LOOK_THERE,
    };
  }
  if (traits.address === 'path') {
    return {
      status: 'ok',
      text: `The datagrams are in the buffer of the server at ${where}, which has its socket open.`,
      advice: LOOK_THERE,
    };
  }
  return {
    status: 'ok',
    text: `The datagrams were sent to ${where}, and no refusal came back. UDP can confirm no more: a firewall, or a server of another kind, drops them silently.`,
    advice: `${LOOK_THERE} With tcp:// the arrival would be confirmed, where the server has TCP.`,
  };
}

function failed(
  cause: string,
  where: string,
  { destination, dialect }: Pick<DeliveryTarget, 'destination' | 'dialect'>,
): Finding {
  const { problem: what = 'the connection failed', advice } = explainCause(cause, destination.protocol) ?? {};
  const isHere = 'host' in destination && /^(127\.|::1$|localhost$)/.test(destination.host);
  const flag = dialect.name === DEFAULT_DIALECT ? '' : ` --dialect ${dialect.name}`;
  const listen =
    isHere && cause === 'ECONNREFUSED'
      ? ` To see whether anything would arrive: otel-statsd listen ${where}${flag}`
      : '';
  return problem(`${where}: ${what} (${cause}).`, advice === undefined ? undefined : advice + listen);
}

const DEFAULT_DIALECT = 'statsd';

/** The finding about a server that answered, whatever its delivery looked like. */
export function answeredBy(answer: string, where: string): Finding {
  const service = SERVICES.find(([beginning]) => answer.startsWith(beginning))?.[1];
  const quoted = JSON.stringify(answer.slice(0, 60).split(/[\r\n]/)[0]);
  return problem(
    `${where} answered with ${quoted}, and a StatsD server never answers.`,
    `${service === undefined ? 'Another service' : service} listens there; correct the port.`,
  );
}

/** By the beginning of what they send. */
const SERVICES: readonly (readonly [string, string])[] = [
  ['HTTP/', 'An HTTP server'],
  ['SSH-', 'An SSH server'],
  ['-ERR', 'A Redis server'],
  ['-NOAUTH', 'A Redis server'],
  ['-DENIED', 'A Redis server'],
  ['220', 'A mail or FTP server'],
  // A TLS record with an alert.
  ['\x15\x03', 'A TLS server'],
  ['ERROR', 'The management port of a StatsD server'],
];
