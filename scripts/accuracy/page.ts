// The page about accuracy: prose that holds whatever the figures are, and the figures.

import { distributions, TRIVIAL } from './distributions.js';
import { type Figure, figures, type Measurement } from './measure.js';
import { contrasts, type Setup, setups } from './setups.js';
import { medianOf, percentText, spreadOf, spreadText } from './tables.js';

export function pageOf(measurements: readonly Measurement[]): string {
  const of = (setup: Setup): Measurement[] =>
    measurements.filter((measurement) => measurement.setup === setup);
  return `# Accuracy of histograms

<!-- Written by \`npm run accuracy\`; change scripts/accuracy/page.ts instead. -->

A StatsD server expects single values, but the OpenTelemetry SDK keeps only buckets. This package turns each
histogram into about a hundred values, chosen so that the server's own arithmetic returns what was recorded. This
page lists the errors for each server, and the limits that no set of values can overcome.

![Percentiles as recorded and as reported, and the errors of all servers](accuracy.svg)

## Summary

Error against what was recorded, in %: **median (worst)** of ${caseCount(measurements)} cases; \`0\` is less than 0.005 %.
Lines and bytes are medians per series and export. *std* is the standard deviation, where the server reports one.

${table(setups, of)}

For comparison, the same measurement with alternatives:

- the SDK's default boundaries instead of exponential buckets
- a line per bucket (its midpoint as value, 1/count as rate) instead of chosen samples
- both

${table(contrasts, of)}

## Interpretation

- **count, mean, min and sum are exact** on every server. Where the server's own sum is wrong (below), \`sum\` is the
  counter \`<name>.sum\` that goes with the samples. With \`histograms: { exactMax: true }\`, \`max\` is the \`upper\` of the
  timer \`<name>.max\`.
- **p50 to p99 are typically off by 1 % or less.** The remaining error is the width of the SDK's exponential buckets.
  With 160 buckets it is 2 % for values within one decade and 9 % within four. The largest errors come from few
  recordings or gaps in the values.
- **The standard deviation** is that of the values sent. Servers that ignore weights compute it from 101 values, of which
  the highest is too low for a long tail, and so is the deviation.
- **Below p50**, servers whose percentiles ignore weights report the percentile one lower (p9 for p10). 101 values put
  one on each percentile, min included, and statsd's rounding selects the previous one.
- **Default boundaries keep count, sum, mean, min and max**, but percentiles can only be estimated within a bucket.
  Durations in seconds have far larger errors than shown here, because the default boundaries are made for
  milliseconds. The exporter requests exponential histograms from the SDK; a view takes precedence.
- **A line per bucket** is acceptable where the server weights percentiles by the rate. Elsewhere it is useless,
  because a bucket of one recording then counts as much as a bucket of a thousand.

The same errors against a server that received every single value, which excludes the server's own rounding:

${table(setups, of, 'againstServer')}

## Limits of the servers

| server | limits |
|---|---|
| statsd, graphite, librato, sysdig, gostatsd, statsite, brubeck | Only the count uses the sample rate. With about 101 values, **max** and percentiles beyond p99 cannot be correct together with the mean: an exact max, one value of 101, would raise the mean far too much. The highest value sent is therefore chosen for the mean. The server's own **sum** is that of the values sent; use \`<name>.sum\` (not sent to brubeck, which uses that name itself). \`histograms: { exactMax: true }\` adds the timer \`<name>.max\` with one value per data point; its \`upper\` is the exact maximum, over processes, too. With up to 101 recordings per export every recording has its own value, and max and sum are exact, too. |
| Datadog \`h\` | Percentiles are per agent and cannot be combined over hosts. |
| Datadog \`d\` (default) | The bins of its sketch give values −0.75 % to +2.34 % off, those of a constant, too. A bin that holds more than 65,535 recordings adds up to 1.5 %. More than 2³² recordings in one data point are sent as a summary. |
| statsd_exporter | Percentiles come from the summaries or buckets configured there; their errors are added. Percentiles of summaries cover the exporter's whole time window. |
| veneur | The error of its t-digest is added to what is shown. |
| OTel collector | Timers are gauges unless \`timer_histogram_mapping\` makes them histograms or summaries; the errors of those are added. |
| CloudWatch agent | The error of its distribution's buckets is added. |
| Vector | Adds weights up as 32-bit numbers: 2³² recordings and more in one data point are sent as a summary. |
| Telegraf | Keeps 1000 values of a timer (\`percentile_limit\`), which makes percentiles of weighted values wrong. The default is a summary; set \`histograms: 'samples'\` only with a limit above the number of recordings. Values below zero are rejected. |
| netdata | A value counts at most 100 times, so more recordings need more lines. Beyond 2000 values (about 200,000 recordings) a summary is sent. \`maxSamples\` is exceeded where that limit needs it; the exporter says so once per metric. |
| collectd, signalfx, carbon | No weights at all, or no timers: always a summary (count, sum, min, max). |

Servers that reject values below zero (statsd, Telegraf, CloudWatch) get a summary of a histogram that has any. The
exporter logs this once per metric through OpenTelemetry's \`diag\`. Summaries of a histogram that is sent as samples
otherwise are named \`<name>.summary.count\`, \`.sum\`, \`.min\` and \`.max\`.

## Advice

For servers whose percentiles ignore weights:

- **Export once per flush of the server.** The 101 values of each export have the same weight, so a busy export and
  an idle one in the same flush would count the same.
- **Give each process an instance tag** (\`tags\` or \`resourceTags\`), as is usual with Graphite, for the same
  reason.
- If processes must share a series, set **\`histograms: { sampleWeight: m }\`** to the same m in all of them. Every
  value then stands for m recordings, and a busy process sends more lines.
- \`histograms: { maxSamples: 1001 }\` improves p99.9, at ten times the lines.

For servers that weight samples, neither interval nor sharing matters. \`histograms: { maxSamples: 20 }\` saves part
of the bytes, at the price of accuracy between every fifth percentile.

## Method

\`npm run accuracy\` repeats the measurement; \`-- --full\` adds a million recordings. The result does not depend on
the machine or on time, because the random numbers have a fixed seed. \`-- --sdk 3.1.1\` measures with that version of the
SDK; its histograms give the same figures.

1. Values are drawn from these distributions: ${distributions.join(', ')}, with 1,000,
   10,000 and 100,000 recordings each. *One bucket* lies between two of the default boundaries, and 8 % of *overflow*
   above the last of them. *${capitalised(TRIVIAL)}* is exact everywhere and excluded from medians.
2. A real \`MeterProvider\` records them in a histogram of milliseconds, once with the aggregation that the exporter
   requests and once with the SDK's default.
3. The package writes the lines of the collected data point, as for any export.
4. A model of the server reads these lines by its own rules and computes its statistics. The models, in
   \`test/support\`, follow the servers' sources. The model of statsd is tested against statsd 0.9.0 itself.
5. The truth is the nearest rank: of N recorded values the ⌈p·N/100⌉-th. Errors are relative to it.

The worst cases by distribution, for p50 to p99.9:

${worstByShape(measurements)}
`;
}

function caseCount(measurements: readonly Measurement[]): number {
  const [setup] = setups;
  return measurements.filter(
    (measurement) => measurement.setup === setup && measurement.distribution !== TRIVIAL,
  ).length;
}

function table(
  rows: readonly Setup[],
  of: (setup: Setup) => readonly Measurement[],
  against: 'againstTruth' | 'againstServer' = 'againstTruth',
): string {
  return markdown([
    ['server', ...figures, 'lines', 'bytes'],
    ...rows.map((setup) => [
      setup.title,
      ...figures.map((figure) => spreadText(spreadOf(of(setup), figure, against))),
      String(medianOf(of(setup).map(({ lines }) => lines))),
      String(medianOf(of(setup).map(({ bytes }) => bytes))),
    ]),
  ]);
}

function worstByShape(measurements: readonly Measurement[]): string {
  const shown = setups.filter(({ title }) => ['statsd', 'Datadog h', 'Datadog d', 'Vector'].includes(title));
  const tail: readonly Figure[] = ['p50', 'p75', 'p90', 'p95', 'p99', 'p99.9'];
  return markdown([
    ['server', 'shape', ...tail],
    ...shown.flatMap((setup) =>
      distributions
        .filter((distribution) => distribution !== TRIVIAL)
        .map((distribution) => {
          const own = measurements.filter(
            (measurement) => measurement.setup === setup && measurement.distribution === distribution,
          );
          return [
            setup.title,
            distribution,
            ...tail.map((figure) => percentText(spreadOf(own, figure).worst)),
          ];
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
