// The public surface, from the compiler's declarations: a report per entry point in docs/api, which fails the check
// when it changes unnoticed, and a model of the docstrings, from which docs.js makes the reference.
//
//   npm run api                writes the reports
//   node scripts/api.js --check
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ENTRY_POINTS, extract, extractorConfig, root } from './build/extractor.js';

/** Writes the models, and with `mayWrite` the reports; returns the entry points whose report was not up to date. */
export function writeModels({ mayWrite }) {
  for (const folder of ['.cache/api', 'docs/api']) mkdirSync(join(root, folder), { recursive: true });
  const configs = ENTRY_POINTS.map((entry) =>
    extractorConfig(entry, {
      apiReport: {
        enabled: true,
        reportFileName: `${entry}.api.md`,
        reportFolder: join(root, 'docs/api'),
        reportTempFolder: join(root, '.cache/api'),
      },
      docModel: { enabled: true, apiJsonFilePath: modelFile(entry) },
    }),
  );
  const results = extract(configs, { mayWrite });
  return ENTRY_POINTS.filter((_, index) => results[index].apiReportChanged);
}

export function modelFile(entry) {
  return join(root, `.cache/api/${entry}.api.json`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const mayWrite = !process.argv.includes('--check');
  for (const entry of writeModels({ mayWrite })) {
    if (mayWrite) console.log(`docs/api/${entry}.api.md written`);
    else {
      console.error(
        `docs/api/${entry}.api.md: the public surface has changed; if that is meant, run: npm run api`,
      );
      process.exitCode = 1;
    }
  }
}
