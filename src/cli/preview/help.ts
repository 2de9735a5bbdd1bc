// What `otel-statsd preview --help` prints.

export const PREVIEW_HELP = `Usage: otel-statsd preview [file.json] [options]

Shows the lines that an export becomes, for one dialect or for all, of which those with the
same lines stand together. Nothing is sent.

  file.json             an export in OTLP's JSON: an object with resourceMetrics, or one on each
                        line as the Collector's file exporter writes them; - reads standard
                        input. Default: a small built-in export

  -d, --dialect NAME    for this server only (default all)
  -p, --prefix TEXT     before every name
  -n, --names PRESET    semconv, sprockets or plain (default: by dialect)
      --sample          print the built-in export, to change it and preview that

All settings follow the environment and its configuration file, as in an app. Several
exports in a file follow one another, so that cumulative sums become what was added.

Examples
  otel-statsd preview
  otel-statsd preview --dialect telegraf --prefix '{service.name}'
  otel-statsd preview --sample > export.json && otel-statsd preview export.json

A part of the file that cannot be read is left out and named; the rest is shown.

Exit codes: 0 shown, 1 (a part of) the file cannot be read, 2 wrong usage
`;
