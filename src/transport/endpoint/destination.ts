// Where lines can be delivered: to a server at an endpoint, or to a stream or function of the application.

import type { Writable } from 'node:stream';
import { type Endpoint, formatEndpoint } from './endpoint.js';

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
