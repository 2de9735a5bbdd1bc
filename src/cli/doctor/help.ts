// What `otel-statsd doctor --help` prints.

export const DOCTOR_HELP = `Usage: otel-statsd doctor [options]

Reads the environment as an app's exporter does, shows every setting and its source, looks up
the host, sends test metrics, and says what is known of their arrival and what is wrong.

The test metrics are the counter otel_statsd.doctor (1, with the tag probe), the histogram
otel_statsd.doctor.duration (one recording of 0.25 s) and the gauge otel_statsd.doctor.gauge
(1), with your prefix and tags. Over TCP, TLS and unix sockets a clean end of the connection
proves that the server read them. Over UDP nothing proves it: known is only that the host did
not refuse them. What the server made of them only the server can show.

  -e, --endpoint URL    send there instead of where the environment says
  -d, --dialect NAME    for this server instead of the environment's
      --json            the report as JSON, without secrets, for bug reports

Run it where the app runs: in its container, as its user, with its environment.

Examples
  otel-statsd doctor
  otel-statsd doctor --endpoint tcp://statsd.example:8125
  docker exec app npx otel-statsd doctor --json

Exit codes: 0 healthy, 1 a problem, 2 wrong usage
`;
