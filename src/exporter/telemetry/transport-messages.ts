// Log messages for the events of the transport.

import { type Destination, formatDestination } from '../../transport/endpoint/destination.js';
import type { TransportEvent } from '../../transport/transport.js';
import { explainCause } from './delivery-causes.js';

export function transportEventText(
  event: Exclude<TransportEvent, { kind: 'recovered' }>,
  destination: Destination,
): string {
  const where = formatDestination(destination);
  switch (event.kind) {
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
    case 'poison':
      return (
        `${event.lines} lines are dropped: ${where} broke every connection that carried them. ` +
        'Its log may say what is wrong with them'
      );
  }
}

/** The cause with its explanation, as sentences with a space after each. */
function causeText(cause: string, { protocol }: Destination): string {
  const text = explainCause(cause, protocol);
  if (text === undefined) return `${cause}. `;
  const advice = text.advice === undefined ? '' : `${text.advice} `;
  return `${cause} (${text.problem}). ${advice}`;
}
