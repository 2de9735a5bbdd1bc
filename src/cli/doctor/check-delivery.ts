// What the numbers after a test metric mean, and what to do when they are not good.

import type { StatsdExporterStats } from '../../exporter/telemetry/exporter-counters.js';
import { type Destination, formatDestination } from '../../transport/endpoint/destination.js';
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
  if (stats.dnsFailures > 0) return problem(`${where} was not reached: its host name has no address.`);
  if (stats.udpRefused > 0) return refused(where, destination);
  if (failure !== undefined) return notConnected(failure, where, destination);
  if (disconnect !== undefined) return disconnected(disconnect, where);
  if (stats.writtenLines > 0) return sentUnconfirmed(where, destination);
  const droppedPoints = Object.keys(stats.droppedPoints)[0];
  if (droppedPoints !== undefined) {
    return problem(`The metric cannot be expressed (${droppedPoints}).`, 'Look at prefix and tags.');
  }
  return problem(
    `${where} accepted the connection, but did not close it after we did, so that nothing is confirmed.`,
    'If a load balancer stands in between, set OTEL_EXPORTER_STATSD_DELIVERY=persistent.',
  );
}

function problem(text: string, advice?: string): Finding {
  return { status: 'problem', text, ...(advice === undefined ? {} : { advice }) };
}

function refused(where: string, destination: Destination): Finding {
  const isHere = 'host' in destination && /^(127\.|::1$|localhost$)/.test(destination.host);
  return problem(
    `Nothing listens on ${where}: its machine answered that the port is closed.`,
    'Start the server, or correct the port.' +
      (isHere ? ` To see whether anything would arrive: otel-statsd listen ${where}` : ''),
  );
}

function sentUnconfirmed(where: string, { protocol }: Destination): Finding {
  switch (protocol) {
    case 'udp':
      return {
        status: 'ok',
        text: `The datagram was sent to ${where}, and no refusal came back. UDP can confirm no more: a firewall, or a server of another kind, drops it without a word.`,
        advice:
          'Look for the metric in the server. With tcp:// its arrival would be confirmed, where the server has TCP.',
      };
    case 'unixgram':
      return {
        status: 'ok',
        text: `The datagram is in the buffer of the server at ${where}, which has its socket open.`,
      };
    default:
      return {
        status: 'ok',
        text: `The connection to ${where} took the line. Persistent delivery confirms no more.`,
      };
  }
}

function notConnected(code: string, where: string, destination: Destination): Finding {
  const { protocol } = destination;
  switch (code) {
    case 'ECONNREFUSED':
      return protocol === 'unix' || protocol === 'unixgram'
        ? problem(
            `Nobody serves the socket file of ${where} any more.`,
            'Start the server, which makes it anew.',
          )
        : refused(where, destination);
    case 'ENOENT':
      return problem(
        `There is no socket file for ${where}.`,
        'Start the server, or correct the path. In a container its folder must be mounted.',
      );
    case 'EACCES':
      return problem(
        `This user may not write to the socket file of ${where}.`,
        'Give its group or everyone the right to write, or run the app in that group.',
      );
    case 'EPROTOTYPE':
      return problem(
        `The socket file of ${where} is of the other kind.`,
        protocol === 'unix'
          ? 'Write unixgram:// instead of unix://.'
          : 'Write unix:// instead of unixgram://.',
      );
    case 'MISSING_UNIX_DGRAM':
      return problem('unixgram:// needs a package that is not installed.', 'npm install unix-dgram');
    case 'ETIMEDOUT':
      return problem(
        `${where} did not answer in time.`,
        'A firewall or security group in between drops connections without a word, or the address is wrong.' +
          (protocol === 'tls' ? ' A server that does not speak TLS does not answer either.' : ''),
      );
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return problem(
        `There is no way to ${where} from here (${code}).`,
        'Look at the address, the network and VPN.',
      );
    default:
      if (protocol !== 'tls') return disconnected(code, where);
      return problem(
        `No TLS connection to ${where}: ${code}.`,
        'Certificates are verified: NODE_EXTRA_CA_CERTS names a file with an authority of your own, and the certificate must be for this host.',
      );
  }
}

function disconnected(cause: string, where: string): Finding {
  switch (cause) {
    case 'confirm_timeout':
      return problem(
        `${where} took the line, but did not close the connection after we did, so that nothing is confirmed.`,
        'If a load balancer stands in between, set OTEL_EXPORTER_STATSD_DELIVERY=persistent.',
      );
    case 'junk':
      return problem(
        `${where} talks, as no StatsD server does.`,
        'Another service listens there; correct the port.',
      );
    case 'fin':
      return problem(
        `${where} accepts connections and closes them at once.`,
        'A proxy without a server behind it does that, and a server at its limit of connections.',
      );
    case 'reset':
    case 'ECONNRESET':
    case 'EPIPE':
      return problem(
        `${where} broke the connection.`,
        'Another service may listen there, or a server that takes no lines of this dialect; its log may say.',
      );
    default:
      return problem(`The connection to ${where} broke: ${cause}.`);
  }
}
