import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { readPage } from '../../../../src/cli/listen/web/page-file.js';

const hash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

it('the policy permits the scripts and styles in the page by their hashes, and nothing else', () => {
  const html = `<!doctype html><style>p{}</style><script>var uPlot;</script>\n<script>\nmain();\n</script>`;
  expect(readPage(() => gzipSync(html))).toEqual({
    html,
    policy:
      `default-src 'none'; script-src ${hash('var uPlot;')} ${hash('\nmain();\n')}; ` +
      `style-src ${hash('p{}')}; connect-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; ` +
      "frame-ancestors 'none'; require-trusted-types-for 'script'",
  });
});
