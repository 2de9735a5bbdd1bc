import { expect, it, onTestFinished } from 'vitest';
import { startForwarding } from '../../../../src/cli/listen/forward/forwarding.js';
import { type DialectName, dialects } from '../../../../src/mapping/dialects/index.js';
import type { Endpoint } from '../../../../src/transport/endpoint/endpoint.js';
import { FakeClock } from '../../../support/fake-clock.js';
import { startTcpServer, startUnixServer } from '../../../support/receivers/stream-server.js';

const udp = (host: string, port = 1): Endpoint => ({ protocol: 'udp', host, port });
const tcp = (host: string, port = 1): Endpoint => ({ protocol: 'tcp', host, port });
const unix = (path: string): Endpoint => ({ protocol: 'unix', path });

it.each<[Endpoint, DialectName, string]>([
  [udp('127.0.0.1'), 'statsd', 'datagram'],
  [{ protocol: 'unixgram', path: '/a' }, 'dogstatsd', 'datagram'],
  [tcp('127.0.0.1'), 'dogstatsd', 'line'],
  [unix('/a'), 'statsd', 'line'],
  [unix('/a'), 'dogstatsd', 'frame'],
])('what arrives at %o for %s is passed on by the %s', (endpoint, dialect, noun) => {
  const forward = tcp('127.0.0.1');
  const forwarding = startForwarding(
    { endpoint, forward, dialect: dialects[dialect] },
    new FakeClock(),
    () => {},
  );
  expect(forwarding.status()).toEqual({
    endpoint: forward,
    noun,
    passedOn: 0,
    lost: 0,
    health: { name: 'working' },
  });
});

it.each<['tcp' | 'unix']>([['tcp'], ['unix']])('lines are passed on over %s', async (protocol) => {
  const server = protocol === 'tcp' ? await startTcpServer() : await startUnixServer();
  const forward = 'path' in server ? unix(server.path as string) : tcp('localhost', server.port as number);
  const settings = { endpoint: tcp('127.0.0.1'), forward, dialect: dialects.statsd };
  const forwarding = startForwarding(settings, new FakeClock(), () => {});
  onTestFinished(() => forwarding.close());
  forwarding.send(Buffer.from('a:1|c'));
  await forwarding.close();
  expect([server.lines, forwarding.status().passedOn]).toEqual([['a:1|c'], 1]);
});
