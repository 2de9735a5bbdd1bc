// What `otel-statsd doctor --help` prints.

export const DOCTOR_HELP = `Usage: otel-statsd doctor [options]

Reads the environment as an app's exporter would, shows every setting and where it comes
from, looks up the host, sends one metric (the counter otel_statsd.doctor, 1) and says what
is known of its arrival and what to do about what is wrong.

Over TCP, TLS and unix sockets a clean end of the connection proves that the server read the
metric. Over UDP nothing proves it: known is only that the machine did not refuse it.

  -e, --endpoint URL    send there instead of where the environment says
  -d, --dialect NAME    for this server instead of the environment's
      --json            the same as JSON: healthy, settings, lines, findings

Run it where the app runs: in its container, as its user, with its environment.

Examples
  otel-statsd doctor
  otel-statsd doctor --endpoint tcp://statsd.example:8125
  docker exec app npx otel-statsd doctor --json

Exit codes: 0 healthy, 1 a problem, 2 wrong usage
`;
