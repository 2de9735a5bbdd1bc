// The page as it is sent: one file with all that it needs, and the policy that permits nothing else.

import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';

export interface Page {
  readonly html: string;
  /** The header Content-Security-Policy. */
  readonly policy: string;
}

/** Beside the program; made by scripts/build/page.js. */
const PAGE_FILE = 'listen.html.gz';

/** @param asset reads a file beside the program */
export function readPage(asset: (name: string) => Uint8Array): Page {
  const html = gunzipSync(asset(PAGE_FILE)).toString();
  const hashes = (tag: string): string =>
    [...html.matchAll(new RegExp(`<${tag}(?: [^>]*)?>(.*?)</${tag}>`, 'gs'))]
      .map(([, text = '']) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`)
      .join(' ');
  const policy = [
    "default-src 'none'",
    `script-src ${hashes('script')}`,
    `style-src ${hashes('style')}`,
    "connect-src 'self'",
    "img-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ].join('; ');
  return { html, policy };
}
