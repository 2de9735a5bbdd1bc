// The public surface, from the declarations that ship: a report per entry point in docs/api, which fails the check
// when it changes unnoticed, and a model of the docstrings, from which docs.js makes the reference.
//
//   npm run api                writes the reports
//   node scripts/api.js --check
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor';

export const root = fileURLToPath(new URL('..', import.meta.url));
export const ENTRY_POINTS = ['index', 'cluster', 'instrument', 'testing'].filter((entry) =>
  existsSync(join(root, `dist/esm/${entry}.d.ts`)),
);
export const modelFile = (entry) => join(root, `.cache/api/${entry}.api.json`);

/** Answers whether the report on record is what the declarations say. */
export function extract(entry, { mayWrite }) {
  mkdirSync(join(root, '.cache/api'), { recursive: true });
  mkdirSync(join(root, 'docs/api'), { recursive: true });
  const config = ExtractorConfig.prepare({
    packageJsonFullPath: join(root, 'package.json'),
    configObjectFullPath: join(root, 'api-extractor.json'),
    configObject: {
      projectFolder: root,
      mainEntryPointFilePath: join(root, `dist/esm/${entry}.d.ts`),
      compiler: { overrideTsconfig: compilerOptions },
      apiReport: {
        enabled: true,
        reportFileName: `${entry}.api.md`,
        reportFolder: join(root, 'docs/api'),
        reportTempFolder: join(root, '.cache/api'),
      },
      docModel: { enabled: true, apiJsonFilePath: modelFile(entry) },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      newlineKind: 'lf',
    },
  });
  const { apiReportChanged } = Extractor.invoke(config, {
    localBuild: mayWrite,
    messageCallback: (message) => {
      message.handled = message.logLevel !== ExtractorLogLevel.Error;
    },
  });
  return !apiReportChanged;
}

const compilerOptions = {
  compilerOptions: {
    target: 'es2023',
    module: 'nodenext',
    moduleResolution: 'nodenext',
    lib: ['es2023', 'esnext.disposable'],
    types: ['node'],
    strict: true,
    skipLibCheck: true,
  },
  files: [join(root, 'dist/esm/index.d.ts')],
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const mayWrite = !process.argv.includes('--check');
  for (const entry of ENTRY_POINTS) {
    const isUpToDate = extract(entry, { mayWrite });
    if (isUpToDate) continue;
    if (mayWrite) console.log(`docs/api/${entry}.api.md written`);
    else {
      console.error(
        `docs/api/${entry}.api.md: the public surface has changed; if that is meant, run: npm run api`,
      );
      process.exitCode = 1;
    }
  }
}
