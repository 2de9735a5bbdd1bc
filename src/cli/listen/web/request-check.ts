// Which requests are answered. Other pages in the same browser can send requests to this machine, and a name of theirs
// can be made to lead here (DNS rebinding): they must get nothing.

import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';

export interface Refusal {
  readonly status: number;
  /** A sentence for people. */
  readonly text: string;
}

export interface RequestParts {
  readonly method: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly url: URL;
}

/**
 * Undefined for a request that may be answered.
 *
 * @param token that the address must have; undefined where the page is served on loopback alone
 */
export function refusalOf(
  { method, headers, url }: RequestParts,
  token: string | undefined,
): Refusal | undefined {
  if (method !== 'GET') return { status: 405, text: 'This server answers GET alone.' };
  if (token !== undefined) {
    if (!isEqual(url.searchParams.get('token') ?? '', token)) {
      return {
        status: 403,
        text: 'The address lacks its token. Take the whole address that otel-statsd has printed.',
      };
    }
  } else if (!isOwnHost(headers.host)) {
    return { status: 403, text: 'This server is reached as localhost or by an IP address alone.' };
  }
  // Links may lead to the page from anywhere; its data is for itself.
  const site = headers['sec-fetch-site'];
  const isForeign = site !== undefined && site !== 'same-origin' && site !== 'none';
  if (isForeign && url.pathname !== '/') return { status: 403, text: 'Another page may not read this.' };
  return undefined;
}

/** An address cannot be made to lead elsewhere, as a name can. */
function isOwnHost(header: string | undefined): boolean {
  const host = /^(?:\[([^\]]*)\]|([^:]*))(?::\d+)?$/.exec(header ?? '');
  const name = (host?.[1] ?? host?.[2] ?? '').toLowerCase();
  return isIP(name) !== 0 || name === 'localhost';
}

/** Takes the same time wherever the texts differ. */
function isEqual(given: string, wanted: string): boolean {
  const [a, b] = [given, wanted].map((text) => createHash('sha256').update(text).digest());
  return timingSafeEqual(a!, b!);
}
