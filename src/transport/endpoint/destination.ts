// What lines can be delivered to: a server at an endpoint, or something of the application's own.

import type { Writable } from 'node:stream';
import { type Endpoint, formatEndpoint } from './endpoint.js';

/**
 * Takes whole lines, without their newlines. To throw or reject means that none of them was taken; they are
 * offered again.
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
