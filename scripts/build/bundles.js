// The compiled modules as one file per entry point and per group of modules that entry points share, as ES modules
// and as CommonJS ones. Rollup keeps comments and names, and bundles nothing that is imported by a package's name.
import { mkdirSync, writeFileSync } from 'node:fs';
import { rollup } from 'rollup';

/**
 * A module that several entry points load goes to the shared file of the first of them, so that the first ones load
 * nothing that only later ones need. The command is only run, never required: it has no CommonJS copy.
 */
const ENTRY_POINTS = {
  instrument: { sharedFile: 'common' },
  testing: { sharedFile: 'lines' },
  index: { sharedFile: 'exporter' },
  cluster: { sharedFile: 'cluster' },
  register: { sharedFile: 'settings' },
  cli: { sharedFile: 'cli', formats: ['esm'] },
};

export async function writeBundles() {
  for (const format of ['esm', 'cjs']) {
    const names = Object.keys(ENTRY_POINTS).filter(
      (name) => ENTRY_POINTS[name].formats?.includes(format) ?? true,
    );
    const bundle = await rollup({
      input: Object.fromEntries(names.map((name) => [name, `build/${name}.js`])),
      external: (id) => !/^[./]/.test(id),
      onLog(level, log) {
        throw new Error(`rollup, ${level}: ${log.message}`);
      },
    });
    await bundle.write({
      dir: `dist/${format}`,
      format,
      chunkFileNames: 'shared/[name].js',
      manualChunks: (id, { getModuleInfo }) => sharedFile(id, getModuleInfo),
      onlyExplicitManualChunks: true,
      minifyInternalExports: false,
      hoistTransitiveImports: false,
      generatedCode: 'es2015',
      // Node's own modules, which have default exports, and OpenTelemetry's, of which only named ones are used.
      interop: 'default',
      externalLiveBindings: false,
      esModule: true,
    });
    await bundle.close();
  }
  // The package is "type": "module"; this marker makes Node.js read dist/cjs/*.js as CommonJS.
  mkdirSync('dist/cjs', { recursive: true });
  writeFileSync('dist/cjs/package.json', '{ "type": "commonjs" }\n');
}

/** Undefined for a module of one entry point only, which stays with it. */
function sharedFile(id, getModuleInfo) {
  if (getModuleInfo(id).isEntry) return undefined;
  const users = entryPointsOf(id, getModuleInfo);
  if (users.size < 2) return undefined;
  return Object.entries(ENTRY_POINTS).find(([name]) => users.has(name))[1].sharedFile;
}

function entryPointsOf(id, getModuleInfo, seen = new Set()) {
  const found = new Set();
  if (seen.has(id)) return found;
  seen.add(id);
  const { isEntry, importers } = getModuleInfo(id);
  if (isEntry) found.add(/([^/]+)\.js$/.exec(id)[1]);
  for (const importer of importers) {
    for (const name of entryPointsOf(importer, getModuleInfo, seen)) found.add(name);
  }
  return found;
}
