// Log messages for the events of the transport.

import { type Destination, formatDestination } from '../../transport/endpoint/destination.js';
import type { LineDropReason, LineLoss, TransportEvent } from '../../transport/transport.js';
import { explainCause } from './delivery-causes.js';
import type { EventText } from './event-log.js';

export function transportEventText(event: TransportEvent, destination: Destination): EventText {
  return { level: event.kind === 'recovered' ? 'info' : 'warn', message: messageOf(event, destination) };
}

function messageOf(event: TransportEvent, destination: Destination): string {
  const where = formatDestination(destination);
  switch (event.kind) {
    case 'recovered':
      return `delivering to ${where} again after ${Math.round(event.outageMillis / 1000)} s`;
    case 'outage':
      return (
        `cannot deliver to ${where}: ${causeText(event.cause, destination)}` +
        'Metrics are kept and sent once delivery works again'
      );
    case 'downgraded':
      return (
        `${where} does not close connections after the exporter has, so delivery cannot be confirmed; continuing as ` +
        "with delivery: 'persistent'. Set that option if this is a load balancer"
      );
    case 'permanent-failure':
      return (
        `cannot deliver to ${where}: ${causeText(event.cause, destination)}` +
        'This is permanent: all further metrics are dropped'
      );
    case 'lines-dropped':
      return lossText(event, where);
  }
}

/** What was lost, why, and the option or limit that decides. */
function lossText(loss: LineLoss, where: string): string {
  const lines = `${loss.lines} ${loss.lines === 1 ? 'line' : 'lines'}`;
  const what = loss.metric === undefined ? lines : `${lines} of metric "${loss.metric}"`;
  return `${what} dropped, not sent to ${where}: ${LOSSES[loss.reason](loss)}`;
}

const LOSSES: Readonly<Record<LineDropReason, (loss: LineLoss) => string>> = {
  too_large: ({ bytes, limitBytes, code }) =>
    limitBytes === undefined
      ? `the network takes no datagram of ${bytes} bytes (${code}); set maxPayloadBytes to less`
      : `${bytes} bytes exceed the largest payload of ${limitBytes} bytes, which is maxPayloadBytes if that is set, ` +
        'else what the server reads whole; use fewer or shorter tags',
  invalid: () => 'the text is not whole lines, which is a bug of a custom dialect or of this package',
  queue_full: ({ limitBytes }) =>
    `the queue has reached its limit of ${limitBytes} bytes (queue.maxBytes), because lines arrive faster than they ` +
    'are delivered or the server is down',
  unknown: () =>
    "their connection broke, so that the server may or may not have read them, and onUnconfirmed is 'drop'",
  poison: () =>
    'the server broke every connection that carried them, and read others in between; its log may say what is wrong ' +
    'with them',
  udp_error: ({ bytes, code }) => `the operating system rejects the datagram of ${bytes} bytes (${code})`,
  stream_closed: ({ code }) => `the stream has ended or failed${code === undefined ? '' : ` (${code})`}`,
  shutdown: () => 'the exporter was shut down before they were delivered (shutdownTimeoutMillis)',
};

/** The cause with its explanation, as sentences with a space after each. */
function causeText(cause: string, { protocol }: Destination): string {
  const text = explainCause(cause, protocol);
  if (text === undefined) return `${cause}. `;
  const advice = text.advice === undefined ? '' : `${text.advice} `;
  return `${cause} (${text.problem}). ${advice}`;
}
