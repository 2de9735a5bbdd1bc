import type { IncomingHttpHeaders } from 'node:http';
import { describe, expect, it } from 'vitest';
import { refusalOf } from '../../../../src/cli/listen/web/request-check.js';

interface Asked {
  readonly method?: string;
  readonly path?: string;
  readonly host?: string;
  readonly site?: string;
}

function statusOf(
  { method = 'GET', path = '/', host = '127.0.0.1:8127', site }: Asked,
  token?: string,
): number {
  const headers = { host, ...(site === undefined ? {} : { 'sec-fetch-site': site }) };
  return refusalOf({ method, headers, url: new URL(path, 'http://localhost') }, token)?.status ?? 200;
}

describe('on loopback a request', () => {
  it.each<[string, number]>([
    ['127.0.0.1:8127', 200],
    ['localhost:9000', 200],
    ['LOCALHOST', 200],
    ['[::1]:8127', 200],
    ['evil.example:8127', 403],
    ['localhost.evil.example', 403],
    ['127.0.0.1.evil.example', 403],
    ['evil.example:127.0.0.1', 403],
    ['[::1', 403],
    ['[::1]x', 403],
    ['localhost:80x', 403],
    ['127.0.0.1:', 403],
    ['', 403],
  ])('for the host %j has the status %i', (host, status) => {
    expect(statusOf({ host })).toBe(status);
  });

  it.each(['POST', 'HEAD', 'OPTIONS', 'DELETE'])('by %s is refused', (method) => {
    expect(statusOf({ method })).toBe(405);
  });

  it('of another page gets the page, and no data', () => {
    const sites = ['cross-site', 'same-site', 'same-origin', 'none', undefined];
    const ask = (path: string): number[] =>
      sites.map((site) => statusOf({ path, ...(site === undefined ? {} : { site }) }));
    expect([ask('/'), ask('/events')]).toEqual([
      [200, 200, 200, 200, 200],
      [403, 403, 200, 200, 200],
    ]);
  });
});

it('elsewhere a request needs the token, by whatever name it comes', () => {
  const ask = (path: string): number => statusOf({ path, host: 'box.example' }, 'secret');
  expect(
    [
      '/',
      '/?token=',
      '/?token=secre',
      '/?token=secret2',
      '/events',
      '/?token=secret',
      '/events?token=secret',
    ].map(ask),
  ).toEqual([403, 403, 403, 403, 403, 200, 200]);
});

it('a request that is refused gets a sentence', () => {
  const refusal = (headers: IncomingHttpHeaders, token?: string) =>
    refusalOf({ method: 'GET', headers, url: new URL('http://localhost/events') }, token);
  expect([
    refusal({}),
    refusal({ host: 'a' }, 'secret'),
    refusal({ host: 'localhost', 'sec-fetch-site': 'cross-site' }),
    refusal({ host: 'localhost' }),
  ]).toEqual([
    { status: 403, text: 'This server is reached as localhost or by an IP address alone.' },
    {
      status: 403,
      text: 'The address lacks its token. Take the whole address that otel-statsd has printed.',
    },
    { status: 403, text: 'Another page may not read this.' },
    undefined,
  ]);
});
