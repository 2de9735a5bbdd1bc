// Where lines can be delivered: to a server at an endpoint, or to a stream or function of the application.

import type { Writable } from 'node:stream';
import { isNamedPipe } from '../../runtime/socket-path.js';
import { type Endpoint, formatEndpoint } from './endpoint.js';
import { traitsOf } from './protocols.js';

/**
 * Takes whole lines, without their newlines. To throw or reject means that it took none of them; it is called with
 * the same lines again.
 */
export type LinesSink = (lines: string[]) => void | Promise<void>;

export type Destination =
  | Endpoint
  | { readonly protocol: 'stream'; readonly stream: Writable }
  | { readonly protocol: 'lines'; readonly sink: LinesSink };

/** For messages. */
export function formatDestination(destination: Destination): string {
  switch (destination.protocol) {
    case 'stream':
      return 'the stream';
    case 'lines':
      return 'the lines function';
    default:
      return formatEndpoint(destination);
  }
}

/** The path that `unix` names on Windows. */
export function isToNamedPipe(destination: Destination): boolean {
  return 'path' in destination && isNamedPipe(destination.path);
}

/** Whether the server's FIN can prove that it has read everything: a named pipe cannot be closed in one direction. */
export function canConfirm(destination: Destination): boolean {
  return traitsOf(destination.protocol)?.canConfirm === true && !isToNamedPipe(destination);
}
