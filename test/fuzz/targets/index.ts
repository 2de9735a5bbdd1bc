import { cluster } from './cluster.js';
import { environment } from './environment.js';
import { framing } from './framing.js';
import { lines } from './lines.js';
import { naming } from './naming.js';
import { otlp } from './otlp.js';
import type { Target } from './target.js';

export const targets: Readonly<Record<string, Target>> = {
  lines,
  framing,
  cluster,
  otlp,
  environment,
  naming,
};
