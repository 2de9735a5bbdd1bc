import { expect, it } from 'vitest';
import { sendCommand } from '../../../src/cli/listen/send-command.js';
import { type DialectName, dialects } from '../../../src/mapping/dialects/index.js';

it.each<[string, DialectName, string | undefined]>([
  ['udp://127.0.0.1:8125', 'statsd', "echo 'hello:1|c' | nc -u -w1 127.0.0.1 8125"],
  ['udp://0.0.0.0:8125', 'statsd', "echo 'hello:1|c' | nc -u -w1 127.0.0.1 8125"],
  ['udp://[::]:8125', 'statsd', "echo 'hello:1|c' | nc -u -w1 ::1 8125"],
  ['nowhere', 'statsd', undefined],
  ['tcp://[::1]:8125', 'statsd', "echo 'hello:1|c' | nc -w1 ::1 8125"],
  ['tcp://127.0.0.1:2003', 'carbon', 'echo "hello 1 $(date +%s)" | nc -w1 127.0.0.1 2003'],
  ['unix:///tmp/a b.sock', 'statsd', "echo 'hello:1|c' | nc -w1 -U '/tmp/a b.sock'"],
  ["unix:///tmp/'; reboot; '.sock", 'statsd', undefined],
  ['unix:///tmp/a.sock', 'dogstatsd', undefined],
])('a line is sent to %s of %s by %j', (endpoint, dialect, command) => {
  expect(sendCommand(endpoint, dialects[dialect])).toBe(command);
});
