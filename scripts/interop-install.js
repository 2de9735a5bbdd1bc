// Installs the real servers of the interop tests into a cache outside the repository (scripts/interop/cache.js). What is
// there stays; a server that cannot be had does not keep the others from being installed.
//
//   npm run interop:install                       all that come from package registries
//   npm run interop:install -- netdata statsite   only these; the only way to get those built from their repositories
//   npm run interop:install -- --from-source      all of both kinds
import { parseArgs } from 'node:util';
import { cacheFolder, install, installed } from './interop/cache.js';
import { fromDebian } from './interop/debian.js';
import { fromModule, fromProgram } from './interop/go.js';
import {
  buildBrubeck,
  buildCloudwatch,
  buildGostatsd,
  buildStatsite,
  buildVector,
  buildVeneur,
  fromSource,
} from './interop/source.js';

/** The statsd daemon itself is a dev dependency of this project. */
const FROM_REGISTRIES = {
  netdata: fromDebian('netdata-core'),
  collectd: fromDebian('collectd-core'),
  carbon: fromDebian('graphite-carbon'),
  'victoria-metrics': fromDebian('victoria-metrics'),
  'statsd-exporter': fromModule('github.com/prometheus/statsd_exporter', 'v0.31.0'),
  'otel-collector': fromProgram('otel-collector', '0.164.0'),
  // Telegraf's own way to leave plugins out (tools/custom_builder).
  telegraf: fromModule(
    'github.com/influxdata/telegraf/cmd/telegraf',
    'v1.37.2',
    'custom,inputs.statsd,outputs.file,serializers.json',
  ),
};

const FROM_SOURCE = {
  brubeck: fromSource('github/brubeck', 'ebbd222', buildBrubeck),
  cloudwatch: fromSource('aws/amazon-cloudwatch-agent', 'ab55b8d', buildCloudwatch),
  gostatsd: fromSource('atlassian/gostatsd', 'e5cc67e', buildGostatsd),
  veneur: fromSource('stripe/veneur', '0db558a', buildVeneur),
  statsite: fromSource('statsite/statsite', 'bf68fa2', buildStatsite),
  vector: fromSource('vectordotdev/vector', 'c3445d4', buildVector),
};

const ALL = { ...FROM_REGISTRIES, ...FROM_SOURCE };

function choose() {
  const { values, positionals } = parseArgs({
    options: { 'from-source': { type: 'boolean', default: false } },
    allowPositionals: true,
  });
  const unknown = positionals.filter((name) => !Object.hasOwn(ALL, name));
  if (unknown.length > 0)
    throw new Error(`no such server: ${unknown.join(', ')}; known: ${Object.keys(ALL).join(', ')}`);
  if (positionals.length > 0) return positionals;
  return Object.keys(values['from-source'] ? ALL : FROM_REGISTRIES);
}

function installOne(name) {
  const present = installed(name);
  if (present) {
    console.log(`${name} ${present.version}: there already`);
    return true;
  }
  console.log(`${name}: installing …`);
  const start = performance.now();
  try {
    const version = install(name, ALL[name]);
    console.log(`${name} ${version}: installed in ${Math.round((performance.now() - start) / 1000)} s`);
    return true;
  } catch (error) {
    console.error(`${name}: not installed: ${error.message}`);
    return false;
  }
}

try {
  const names = choose();
  console.log(`servers in ${cacheFolder}`);
  const failed = names.filter((name) => !installOne(name));
  if (failed.length > 0) console.error(`not installed: ${failed.join(', ')}`);
  process.exitCode = failed.length > 0 ? 1 : 0;
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
