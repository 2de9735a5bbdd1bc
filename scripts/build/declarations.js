// One declaration file per entry point, with the docstrings, in dist/cjs. The ES module's declarations export those
// again: a second copy would be a twentieth of the package, and its classes would be other types to the compiler.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ENTRY_POINTS, extract, extractorConfig, root } from './extractor.js';

const declarations = (format, entry) => join(root, `dist/${format}/${entry}.d.ts`);

export function writeDeclarations() {
  const configs = ENTRY_POINTS.map((entry) =>
    extractorConfig(entry, {
      dtsRollup: { enabled: true, untrimmedFilePath: declarations('cjs', entry) },
    }),
  );
  for (const { errorCount, extractorConfig } of extract(configs, { mayWrite: true })) {
    if (errorCount > 0) throw new Error(`no declarations for ${extractorConfig.mainEntryPointFilePath}`);
  }
  for (const entry of ENTRY_POINTS) {
    writeFileSync(declarations('esm', entry), `export * from '../cjs/${entry}.js';\n`);
  }
  writeFileSync(declarations('cjs', 'register'), 'export {};\n');
}
