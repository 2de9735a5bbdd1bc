import type { Dialect } from '../dialects/dialect.js';
import { shortenUntil } from '../tags/shorten-tags.js';
import type { Tag } from '../tags/tags.js';
import { checkName, isWholeSeries } from './check-limits.js';
import { type SeriesText, type Stamp, seriesText } from './series-text.js';

/**
 * The text of a series that the server reads whole: the longest tags are cut if that helps, which `onShortened` is
 * called for. Throws PointDropped when the name is too long in any case.
 */
export function wholeSeriesText(
  name: string,
  tags: readonly Tag[],
  dialect: Dialect,
  {
    stamp,
    fields,
    onShortened,
  }: { stamp: Stamp | undefined; fields: string | undefined; onShortened: () => void },
): SeriesText {
  const render = (shown: readonly Tag[]): SeriesText => seriesText(name, shown, dialect, stamp, fields);
  let series = render(tags);
  if (!isWholeSeries(series, dialect)) {
    const shorter = shortenUntil(tags, (shown) => isWholeSeries(render(shown), dialect));
    if (shorter !== undefined) {
      series = render(shorter);
      onShortened();
    }
  }
  checkName(name, series, dialect);
  return series;
}
