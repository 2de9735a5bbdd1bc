import { expect, it } from 'vitest';
import { redact } from '../../../src/cli/doctor/redact.js';

it.each([
  ['got "udp://user:pa55@host:8125"', 'got "udp://***@host:8125"'],
  ['https://t0ken@example/x?api_key=abc&y=1', 'https://***@example/x?api_key=***'],
  ['team=web, auth.token=abc, region=eu', 'team=web, auth.token=***, region=eu'],
  ['a:1|c|#dd-api-key:abc,team:web', 'a:1|c|#dd-api-key:***,team:web'],
  ['{"password": "a b", "user": "c"}', '{"password": ***, "user": "c"}'],
  ['API_KEY=abc, Token=def, team=web', 'API_KEY=***, Token=***, team=web'],
  ['udp://127.0.0.1:8125', 'udp://127.0.0.1:8125'],
  ['the token is a secret', 'the token is a secret'],
  ['tokens.tokentoken-x=abc token', 'tokens.tokentoken-x=*** token'],
  ['Every variable is valid.', 'Every variable is valid.'],
])('%s becomes %s', (text, redacted) => {
  expect(redact(text)).toBe(redacted);
});

it('long names are read once', () => {
  // With a search from each letter, each of these takes minutes.
  const texts = ['token'.repeat(100_000), 'a'.repeat(500_000), 'token="'.repeat(50_000)];
  expect(texts.slice(0, 2).map((text) => redact(text))).toEqual(texts.slice(0, 2));
  expect(redact(texts[2]!).length).toBeLessThan(texts[2]!.length);
});

it('values of secret tags are left out of names', () => {
  expect(redact('otel_statsd.api_key.a_b_c.team.web:1|c', { api_key: 'a b/c', team: 'web' })).toBe(
    'otel_statsd.api_key.***.team.web:1|c',
  );
});

it('secret tags have names in any case of letters, and without a value nothing is left out', () => {
  expect([redact('a.b_c.d:1|c', { Api_Key: 'b/c' }), redact('a.b:1|c', { token: '' })]).toEqual([
    'a.***.d:1|c',
    'a.b:1|c',
  ]);
});
