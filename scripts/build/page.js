// The live page of `otel-statsd listen --web`: its parts and the charting library as one file, compressed, because it
// would be a twentieth of the package. The browser shows its source as it is written here.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { rollup } from 'rollup';

const source = new URL('../../src/cli/listen/web/page/', import.meta.url);
const library = new URL('.', import.meta.resolve('uplot/package.json'));

export async function writePage() {
  const read = (name, folder = source) => readFileSync(new URL(name, folder), 'utf8').trim();
  const parts = {
    '/* uPlot.css */': read('dist/uPlot.min.css', library),
    '/* page.css */': read('page.css'),
    '/* uPlot */': `/*!\n${read('LICENSE', library)}\n*/\n${read('dist/uPlot.iife.min.js', library)}`,
    '/* page.js */': await script(),
  };
  let html = read('index.html');
  for (const [place, text] of Object.entries(parts)) {
    if (!html.includes(place)) throw new Error(`index.html has no place ${place}`);
    if (/<\/(script|style)/i.test(text))
      throw new Error(`${place}: its text would end the element around it`);
    html = html.replace(place, () => text);
  }
  writeFileSync('dist/esm/listen.html.gz', gzipSync(`${withTabs(html)}\n`, { level: 9 }));
}

async function script() {
  const bundle = await rollup({
    input: fileURLToPath(new URL('main.js', source)),
    plugins: [{ name: 'compiled-modules', resolveId: compiledModule }],
    onLog(level, log) {
      throw new Error(`rollup, ${level}: ${log.message}`);
    },
  });
  const { output } = await bundle.generate({ format: 'iife', indent: false, generatedCode: 'es2015' });
  await bundle.close();
  return withoutTypes(output[0].code.trim());
}

/** Comments that are types alone: the compiler reads them in the sources. */
function withoutTypes(code) {
  return code.replaceAll(
    /^ *\/\*\* *(?:\n *\* )?@(?:type|param)(?:(?!\*\/)[\s\S])*\*\/\n|\/\*\* @type \{[^*]*\} \*\/ ?/gm,
    '',
  );
}

/** Indented by tabs, as all that is built. */
function withTabs(text) {
  return text.replaceAll(/^(?: {2})+/gm, (spaces) => '\t'.repeat(spaces.length / 2));
}

/** What the page shares with the command is TypeScript. */
function compiledModule(id, importer) {
  if (importer === undefined) return null;
  const path = fileURLToPath(new URL(id, `file://${importer}`));
  return existsSync(path) ? path : path.replace('/src/', '/build/');
}
