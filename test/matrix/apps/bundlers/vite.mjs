// usage: node vite.mjs <entry> <output folder> <output file>: a build for servers with everything in it.
import { build } from 'vite';

const [entry, outDir, entryFileNames] = process.argv.slice(2);
await build({
  configFile: false,
  logLevel: 'warn',
  ssr: { noExternal: true },
  build: { ssr: entry, outDir, emptyOutDir: false, rollupOptions: { output: { entryFileNames } } },
});
