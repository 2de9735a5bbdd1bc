// One declaration file per entry point, with the docstrings. The same text serves both module formats: it imports
// nothing by a path, and dist/cjs/package.json makes the compiler take that copy for a CommonJS module's.
import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ENTRY_POINTS, extract, extractorConfig, root } from './extractor.js';

const declarations = (format, entry) => join(root, `dist/${format}/${entry}.d.ts`);

export function writeDeclarations() {
  const configs = ENTRY_POINTS.map((entry) =>
    extractorConfig(entry, {
      dtsRollup: { enabled: true, untrimmedFilePath: declarations('esm', entry) },
    }),
  );
  for (const { errorCount, extractorConfig } of extract(configs, { mayWrite: true })) {
    if (errorCount > 0) throw new Error(`no declarations for ${extractorConfig.mainEntryPointFilePath}`);
  }
  for (const entry of ENTRY_POINTS) copyFileSync(declarations('esm', entry), declarations('cjs', entry));
  writeFileSync(declarations('cjs', 'register'), 'export {};\n');
}
