// The compiled modules as one file per entry point and per group of modules that entry points share, as ES modules
// and as CommonJS ones. Rollup keeps comments and names, and bundles nothing that is imported by a package's name.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rollup } from 'rollup';

/**
 * A module that several libraries load goes to the shared file of the first of them here, so that the first ones load
 * nothing that only later ones need.
 */
const LIBRARIES = {
  instrument: 'common',
  testing: 'lines',
  index: 'exporter',
  cluster: 'cluster',
  'register-main': 'register-main',
};

/** Is run and never required: it has no CommonJS copy. */
const COMMAND = 'cli-main';

/**
 * Check what the package needs before they load the others. They may load the first shared file only, which imports no
 * peer. register is CommonJS for `import`, too: an ES module loads its imports before it can check anything.
 */
const GUARDS = { esm: ['cli'], cjs: ['register'] };

const ENTRY_POINTS = {
  esm: [...Object.keys(LIBRARIES), COMMAND, ...GUARDS.esm],
  cjs: [...Object.keys(LIBRARIES), ...GUARDS.cjs],
};

const MODULES = { esm: 'build', cjs: 'build/commonjs' };

/** Modules without comments have lost those that webpack reads in imports of computed names. */
const ignoredByWebpack = {
  name: 'ignored-by-webpack',
  transform: (code) => ({
    code: code.replaceAll(/((?:await|return) import\()(?=[\w.]+[()])/g, '$1/* webpackIgnore: true */ '),
    map: null,
  }),
};

/**
 * An application steps into the exporter, its options and the entry points for tests and instruments, whose comments
 * stay. Those of the folders behind them are read in the repository: they would be a tenth of the package.
 */
const withoutSomeComments = {
  name: 'without-some-comments',
  load(id) {
    const [, module] = /\/build\/((?:cli|cluster|mapping|register|transport)\/.*)$/.exec(id) ?? [];
    return module === undefined ? null : readFileSync(join(MODULES.cjs, module), 'utf8');
  },
};

export async function writeBundles() {
  for (const format of ['esm', 'cjs']) {
    const bundle = await rollup({
      input: Object.fromEntries(ENTRY_POINTS[format].map((name) => [name, `${MODULES[format]}/${name}.js`])),
      external: (id) => !/^[./]/.test(id),
      plugins: [
        { name: 'entry-points', resolveId: otherEntryPoint },
        ...(format === 'esm' ? [withoutSomeComments] : []),
        ignoredByWebpack,
      ],
      onLog(level, log) {
        throw new Error(`rollup, ${level}: ${log.message}`);
      },
    });
    await bundle.write({
      dir: `dist/${format}`,
      format,
      chunkFileNames: 'shared/[name].js',
      paths: { [CLUSTER]: './cluster.js' },
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

/** register loads the entry point cluster as an app does, so that the two need no shared file. */
const CLUSTER = 'entry-point:cluster';

function otherEntryPoint(id, importer) {
  return importer !== undefined && id === '../cluster.js' ? { id: CLUSTER, external: true } : null;
}

/** Undefined for a module of one entry point only, which stays with it. */
function sharedFile(id, getModuleInfo) {
  if (getModuleInfo(id).isEntry) return undefined;
  const users = entryPointsOf(id, getModuleInfo);
  if (
    Object.values(GUARDS)
      .flat()
      .some((name) => users.has(name))
  )
    return LIBRARIES.instrument;
  const [first, second] = Object.keys(LIBRARIES).filter((name) => users.has(name));
  if (second !== undefined) return LIBRARIES[first];
  if (first === undefined || !users.has(COMMAND)) return undefined;
  // What the exporter shares with the command only may as well be with the rest of it: the command loads all of that.
  return first === 'index' ? LIBRARIES[first] : 'cli';
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
