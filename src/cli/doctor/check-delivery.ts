// What the numbers after a test metric mean, and what to do when they are not good.

import { explainCause } from '../../exporter/telemetry/delivery-causes.js';
import type { StatsdExporterStats } from '../../exporter/telemetry/stats.js';
import { type Destination, formatDestination } from '../../transport/endpoint/destination.js';
import { traitsOf } from '../../transport/endpoint/protocols.js';
import type { Finding } from './report.js';

export function diagnoseDelivery(stats: StatsdExporterStats, destination: Destination): Finding {
  const where = formatDestination(destination);
  const [failure] = Object.keys(stats.connectFailures);
  const [disconnect] = Object.keys(stats.disconnects);
  if (stats.confirmedLines > 0) {
    return {
      status: 'ok',
      text: `The server at ${where} read the line and closed the connection. Delivery is confirmed.`,
    };
  }
  if (stats.dnsFailures > 0) return failed('ENOTFOUND', where, destination);
  if (stats.udpRefused > 0) return failed('ECONNREFUSED', where, destination);
  if (failure !== undefined) return failed(failure, where, destination);
  if (disconnect !== undefined) return failed(disconnect, where, destination);
  if (stats.writtenLines > 0) return sentUnconfirmed(where, destination);
  const droppedPoints = Object.keys(stats.droppedPoints)[0];
  if (droppedPoints !== undefined) {
    return problem(`The metric cannot be expressed (${droppedPoints}).`, 'Look at prefix and tags.');
  }
  return failed('confirm_timeout', where, destination);
}

function problem(text: string, advice?: string): Finding {
  return { status: 'problem', text, ...(advice === undefined ? {} : { advice }) };
}

function sentUnconfirmed(where: string, { protocol }: Destination): Finding {
  const traits = traitsOf(protocol);
  if (traits?.kind !== 'datagram') {
    return {
      status: 'ok',
      text: `The connection to ${where} took the line. Persistent delivery confirms no more.`,
    };
  }
  if (traits.address === 'path') {
    return {
      status: 'ok',
      text: `The datagram is in the buffer of the server at ${where}, which has its socket open.`,
    };
  }
  return {
    status: 'ok',
    text: `The datagram was sent to ${where}, and no refusal came back. UDP can confirm no more: a firewall, or a server of another kind, drops it without a word.`,
    advice:
      'Look for the metric in the server. With tcp:// its arrival would be confirmed, where the server has TCP.',
  };
}

function failed(cause: string, where: string, destination: Destination): Finding {
  const { problem: what = 'the connection failed', advice } = explainCause(cause, destination.protocol) ?? {};
  const isHere = 'host' in destination && /^(127\.|::1$|localhost$)/.test(destination.host);
  const listen =
    isHere && cause === 'ECONNREFUSED'
      ? ` To see whether anything would arrive: otel-statsd listen ${where}`
      : '';
  return problem(`${where}: ${what} (${cause}).`, advice === undefined ? undefined : advice + listen);
}
