// The page about accuracy: prose that holds whatever the figures are, and the figures.

import { distributions, TRIVIAL } from './distributions.js';
import { type Figure, figures, type Measurement } from './measure.js';
import { medianOf, percentText, spreadOf, spreadText } from './tables.js';
import { contrasts, type Way, ways } from './ways.js';

export function pageOf(measurements: readonly Measurement[]): string {
  const of = (way: Way): Measurement[] => measurements.filter((measurement) => measurement.way === way);
  return `# Accuracy of histograms

<!-- Written by \`npm run accuracy\`; change scripts/accuracy/page.ts instead. -->

A StatsD server wants single values, but the OpenTelemetry SDK only keeps buckets. This package turns each
histogram into a hundred values or so, made so that the server's own arithmetic arrives at what was recorded. This
page says how close that comes, for each server, and what no set of values can do.

![Percentiles as recorded and as reported, and the errors of all servers](accuracy.svg)

## Summary

Error against what was recorded, in %: **median (worst)** of ${caseCount(measurements)} cases; \`0\` is less than 0.005 %.
Lines and bytes are medians per series and export.

${table(ways, of)}

For contrast, the same measurement with something changed: the SDK's default boundaries instead of exponential
buckets; a line per bucket, the middle of the bucket as value and 1/count as rate, instead of chosen samples; and
both.

${table(contrasts, of)}

## How to read it

- **count, mean, min and sum are exact** on every server. Where the server's own sum is wrong (below), \`sum\` is the
  counter \`<name>.sum\` that goes with the samples.
- **p50 to p99 are typically off by 1 % or less.** What remains is the width of the SDK's exponential buckets: with 160
  of them, 2 % for values within a decade, 9 % within four. The largest errors come from few recordings or gaps in
  the values.
- **Below p50**, servers whose percentiles ignore weights show the percentile one lower (p9 for p10): 101 values put one on
  each percentile, min included, and statsd's rounding takes the one before.
- **Default boundaries keep count, sum, mean, min and max**, but percentiles can only be guessed within a bucket. Durations
  in seconds fare far worse than here, for the boundaries are made for milliseconds. The exporter asks the SDK for
  exponential histograms by itself; a view of yours that says otherwise wins.
- **A line per bucket** is no better than its server: fair where rates weigh percentiles, useless where they do not,
  because a bucket of one recording then counts as much as a bucket of a thousand.

The same against a server that was sent every single value, which takes the server's own rounding out of the account:

${table(ways, of, 'againstServer')}

## What a server can not do

| server | limits |
|---|---|
| statsd, graphite, gostatsd, statsite, brubeck | Only the count heeds the sample rate. With about 101 values, **max** and percentiles beyond p99 can not be right together with the mean: an exact max, one value of 101, would raise the mean by far more than it should. The highest value sent is therefore what the mean needs. The server's own **sum** is that of the values sent; use \`<name>.sum\`, which brubeck has no room for. Up to 101 recordings per export each has a value of its own, and max and sum are exact, too. |
| Datadog \`h\` | Percentiles are per agent and can not be combined over hosts. |
| Datadog \`d\` (default) | Its sketch rounds values by up to 0.8 % and shows a bin's far end: up to 1.6 %. |
| statsd_exporter | Percentiles come from the summaries or buckets that you configured there; theirs are on top. Percentiles of summaries are of the exporter's whole time window. |
| veneur | The t-digest is on top of what is shown. |
| OTel collector | Timers are plain gauges until \`timer_histogram_mapping\` makes histograms or summaries of them; their buckets are on top. |
| CloudWatch agent | Its distribution's buckets are on top. |
| Telegraf | Keeps 1000 values of a timer (\`percentile_limit\`), which spoils percentiles of weighted values. The default there is a summary; choose \`histograms: 'samples'\` only with a limit above the count of recordings. Values below zero are rejected. |
| netdata | A value counts 100 times at most, so there are more lines the more recordings; beyond 2000 values, some 200,000 recordings, a summary is sent. |
| collectd, carbon | No weights at all, or no timers: always a summary (count, sum, min, max). |

Servers that reject values below zero (statsd, Telegraf, CloudWatch) get a summary of a histogram that has any. Each
such choice is reported once through the OpenTelemetry diagnostics.

## Advice

- On servers whose percentiles ignore weights, **export as often as the server flushes**. Each export's 101 values weigh
  the same whatever they stand for: a busy export and an idle one in the same flush would count alike.
- For the same reason, several processes should not share a series there. **Give each an instance tag** (\`tags\` or
  \`resourceTags\`), which is usual with Graphite. If they must share one, set
  **\`histograms: { sampleWeight: m }\`** to the same m in all of them: then every value stands for m recordings, wherever it
  comes from, and a busy process sends more lines.
- On weighted servers neither matters: merged weights are right.
- Where the tail matters there, \`histograms: { maxSamples: 1001 }\` brings p99.9 close for ten times the lines.
- On weighted servers, \`histograms: { maxSamples: 20 }\` saves a part of the bytes at the price of accuracy between
  every fifth percentile.

## Method

\`npm run accuracy\` repeats all of it, and \`-- --full\` adds a million recordings. Nothing depends on the machine or
on time; the random numbers have a fixed seed.

1. Values are drawn: ${distributions.join(', ')}, with 1,000,
   10,000 and 100,000 recordings each. *One bucket* lies between two of the default boundaries, and 8 % of *overflow*
   above the last of them. *${capitalised(TRIVIAL)}* is exact everywhere and left out of medians.
2. A real \`MeterProvider\` records them in a histogram of milliseconds, once with the aggregation that the exporter asks
   for and once with the SDK's default.
3. The package makes lines of the collected point, as for any export.
4. A model of the server reads these lines by its own rules and computes its statistics. The models, in
   \`test/support\`, are written from the servers' sources; the one of statsd is tested against statsd 0.9.0 itself.
5. The truth is the nearest rank: of N recorded values the ⌈p·N/100⌉-th. Errors are relative to it.

The worst cases by shape, of all recordings and p50 to p99.9:

${worstByShape(measurements)}
`;
}

function caseCount(measurements: readonly Measurement[]): number {
  const [way] = ways;
  return measurements.filter((measurement) => measurement.way === way && measurement.distribution !== TRIVIAL)
    .length;
}

function table(
  rows: readonly Way[],
  of: (way: Way) => readonly Measurement[],
  against: 'againstTruth' | 'againstServer' = 'againstTruth',
): string {
  return markdown([
    ['server', ...figures, 'lines', 'bytes'],
    ...rows.map((way) => [
      way.title,
      ...figures.map((figure) => spreadText(spreadOf(of(way), figure, against))),
      String(medianOf(of(way).map(({ lines }) => lines))),
      String(medianOf(of(way).map(({ bytes }) => bytes))),
    ]),
  ]);
}

function worstByShape(measurements: readonly Measurement[]): string {
  const shown = ways.filter(({ title }) => ['statsd', 'Datadog h', 'Datadog d', 'Vector'].includes(title));
  const tail: readonly Figure[] = ['p50', 'p75', 'p90', 'p95', 'p99', 'p99.9'];
  return markdown([
    ['server', 'shape', ...tail],
    ...shown.flatMap((way) =>
      distributions
        .filter((distribution) => distribution !== TRIVIAL)
        .map((distribution) => {
          const own = measurements.filter(
            (measurement) => measurement.way === way && measurement.distribution === distribution,
          );
          return [way.title, distribution, ...tail.map((figure) => percentText(spreadOf(own, figure).worst))];
        }),
    ),
  ]);
}

function markdown([head, ...rows]: readonly (readonly string[])[]): string {
  const rule = head!.map((title) => (/^(?:server|shape)$/.test(title) ? '---' : '---:'));
  return [head!, rule, ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

function capitalised(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
