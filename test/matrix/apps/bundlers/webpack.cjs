// usage: node webpack.cjs <entry> <output folder> <output file>
const webpack = require('webpack');

const [entry, path, filename] = process.argv.slice(2);
webpack({ mode: 'production', target: 'node', entry, output: { path, filename } }, (error, stats) => {
  if (error !== null || stats.hasErrors() || stats.hasWarnings()) {
    console.error(error ?? stats.toString());
    process.exitCode = 1;
  }
});
