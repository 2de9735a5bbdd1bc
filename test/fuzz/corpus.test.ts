import { describe, expect, it } from 'vitest';
import { targets } from './targets/index.js';

describe('every reader of foreign bytes keeps its promises for its corpus:', () => {
  it.each(Object.entries(targets))('%s', (_name, { corpus, run }) => {
    for (const input of corpus) expect(() => run(Buffer.from(input)), String(input)).not.toThrow();
  });
});
