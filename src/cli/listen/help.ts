// What `otel-statsd listen --help` prints.

export const LISTEN_HELP = `Usage: otel-statsd listen [endpoint] [options]

Listens like a StatsD server and shows what arrives: in a terminal a table that is drawn in
place, in a pipe the same table every ten seconds. It explains each line that the server of
your dialect would drop or misread.

  endpoint              udp://host:port, tcp://host:port, unix:///path or a port alone; port 0
                        takes any free one. Default: 127.0.0.1 and the dialect's port

  -d, --dialect NAME    read lines as this server does (default: the environment's, else statsd)
      --raw             lines as received, explanations on standard error
      --json            one JSON object for each sample; explanations in "problems"
  -f, --filter TEXT     in the table only series whose lines contain the text
      --interval S      seconds between tables in a pipe (default 10)

      --web [PORT]      serve a live page, too, at http://127.0.0.1:8127/ or another port or
                        address; where others can reach it, its address has a token
      --forward URL     pass every datagram or line on unchanged to this server

  -n, --count N         end after N lines; exit code 1 if they have not arrived in time
      --duration S      end after S seconds
      --strict          exit code 1 if any line was malformed, doubtful or not passed on

Ctrl-C ends it and prints the whole table.

Examples
  otel-statsd listen
  otel-statsd listen --web
  otel-statsd listen tcp://0.0.0.0:8125 --dialect dogstatsd
  otel-statsd listen --raw | grep checkout
  otel-statsd listen --forward udp://127.0.0.1:8126
  otel-statsd listen 9125 --count 100 --duration 30 --strict   # a check for CI

Exit codes: 0 done, 1 cannot listen, lines missing or (--strict) not in order, 2 wrong usage
`;
