// What an event of the transport means to a user, and what the user can do.

import type { TransportEvent } from '../../transport/transport.js';

export function transportEventText(
  event: Exclude<TransportEvent, { kind: 'recovered' }>,
  destination: string,
): string {
  switch (event.kind) {
    case 'outage':
      return (
        `cannot deliver to ${destination}: ${event.cause}${hint(event.cause)}. ` +
        'Metrics are kept and sent once it works again'
      );
    case 'downgraded':
      return (
        `${destination} does not close connections after ours is closed, so delivery can not be confirmed; ` +
        "going on as with delivery: 'persistent', which is then the option to set"
      );
    case 'dead-end':
      return `${destination} takes nothing any more: ${event.cause}${hint(event.cause)}. Metrics are dropped from now on`;
    case 'poison':
      return (
        `${event.lines} lines are dropped: ${destination} broke every connection that carried them. ` +
        'Its log may say what is wrong with them'
      );
  }
}

const HINTS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nobody listens there; is the server running, and the port right?',
  ENOENT: 'there is no such socket file; is the server running, and the path right?',
  EACCES: 'this process may not write to the socket file',
  EPROTOTYPE: 'the socket file is of the other kind; try unixgram:// instead of unix://, or the reverse',
  ENOTFOUND: 'the host name is unknown',
  ETIMEDOUT: 'no answer in time; is a firewall in between?',
  EHOSTUNREACH: 'the host can not be reached',
  ENETUNREACH: 'the network can not be reached',
  MISSING_UNIX_DGRAM: 'unixgram needs a package that is not installed: npm install unix-dgram',
  fin: 'the server closed the connection',
  reset: 'the server broke the connection',
  stall: 'the server takes nothing any more',
  confirm_timeout: 'the server did not close the connection in time, which would have confirmed delivery',
  junk: 'the server sends data, as no StatsD server does; is the port right?',
  stream_closed: 'it has ended',
  ENOSPC: 'the disk is full',
};

function hint(cause: string): string {
  const text = HINTS[cause];
  return text === undefined ? '' : ` (${text})`;
}
