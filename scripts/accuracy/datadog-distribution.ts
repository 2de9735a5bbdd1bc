// What Datadog shows of a distribution (type `d`): the agent's sketch, pkg/util/quantile config.go and sparse.go.

import type { Timer } from '../../test/support/server-models/server.js';
import type { TimerStatistics } from '../../test/support/server-models/timer-statistics.js';

/** defaultEps is 1/128, and gamma 1 + 2·eps. */
const GAMMA = 1 + 2 / 128;

/** Of values above 0. Bins are not merged: 4096, the limit, span 27 decades. */
export function datadogDistribution({ values }: Timer): TimerStatistics {
  const bins = new Map<number, number>();
  let count = 0;
  let sum = 0;
  let min = Infinity;
  let max = -Infinity;
  for (const { value, weight } of values) {
    const bin = Math.round(Math.log(value) / Math.log(GAMMA));
    bins.set(bin, (bins.get(bin) ?? 0) + weight);
    count += weight;
    sum += value * weight;
    min = Math.min(min, value);
    max = Math.max(max, value);
  }
  const ascending = [...bins].sort(([a], [b]) => a - b);
  return {
    count,
    sum,
    mean: sum / count,
    min,
    max,
    percentile: (p) => {
      const rank = Math.round((p / 100) * (count - 1));
      let covered = 0;
      for (const [index, [bin, weight]] of ascending.entries()) {
        covered += weight;
        if (covered <= rank) continue;
        const above = (covered - rank) / weight;
        const low = GAMMA ** bin;
        return (index === 0 ? min : low) * above + low * GAMMA * (1 - above);
      }
      return max;
    },
  };
}
