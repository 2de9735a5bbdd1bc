// usage: node rollup.mjs <entry> <output file> <format>
import commonjs from '@rollup/plugin-commonjs';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import { rollup } from 'rollup';

const [input, file, format] = process.argv.slice(2);
const bundle = await rollup({
  input,
  plugins: [nodeResolve({ preferBuiltins: true, exportConditions: ['node'] }), commonjs()],
  // Cycles within the SDK's own modules.
  onwarn: ({ code, message }) => code !== 'CIRCULAR_DEPENDENCY' && console.error(message),
});
await bundle.write({ file, format, inlineDynamicImports: true });
