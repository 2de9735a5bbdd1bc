// API Extractor on the compiler's declarations of an entry point.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CompilerState, Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** Those with something to declare; the register is imported for what it does. */
export const ENTRY_POINTS = ['index', 'cluster', 'instrument', 'testing'];

const declarations = (entry) => join(root, `build/${entry}.d.ts`);

/** `outputs` are the parts of API Extractor's configuration that say what it writes. */
export function extractorConfig(entry, outputs) {
  return ExtractorConfig.prepare({
    packageJsonFullPath: join(root, 'package.json'),
    configObjectFullPath: join(root, 'api-extractor.json'),
    configObject: {
      projectFolder: root,
      mainEntryPointFilePath: declarations(entry),
      compiler: { overrideTsconfig: { compilerOptions, files: ENTRY_POINTS.map(declarations) } },
      apiReport: { enabled: false },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      newlineKind: 'lf',
      ...outputs,
    },
  });
}

/** `mayWrite`: whether a report that differs is written, or told by the result only. */
export function extract(configs, { mayWrite }) {
  const compilerState = CompilerState.create(configs[0]);
  return configs.map((config) =>
    Extractor.invoke(config, {
      compilerState,
      localBuild: mayWrite,
      messageCallback: (message) => {
        message.handled = message.logLevel !== ExtractorLogLevel.Error;
      },
    }),
  );
}

/** For the compiler that API Extractor brings. */
const compilerOptions = {
  target: 'es2023',
  module: 'nodenext',
  moduleResolution: 'nodenext',
  lib: ['es2023', 'esnext.disposable'],
  types: ['node'],
  strict: true,
  skipLibCheck: true,
};
