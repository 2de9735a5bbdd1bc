// The charting library is a script of its own before the page's.

export type { default as uPlot } from 'uplot';

import UPlot from 'uplot';

declare global {
  const uPlot: typeof UPlot;
  namespace uPlot {
    type AlignedData = UPlot.AlignedData;
  }
  type uPlot = UPlot;
}
