// The package as npm ships it: what is in the tarball, and that it loads and works in every way it promises to.
// It packs what is in dist, so build first (npm test does).
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Consumer, filesIn, installFromTarball, packageName, repository } from './consumer.js';
import { brokenLinks } from './links.js';

const peers = ['@opentelemetry/api', '@opentelemetry/core', '@opentelemetry/sdk-metrics'];
let consumer: Consumer;

beforeAll(async () => {
  consumer = await installFromTarball();
  for (const peer of peers) consumer.link(peer);
});
afterAll(() => consumer.remove());

/** The entry points with declarations; the command has neither those nor a CommonJS copy. */
const entryPoints = ['cluster', 'index', 'instrument', 'testing'];
const sharedFiles = ['common', 'exporter', 'lines'];

describe('the tarball', () => {
  test('holds the bundles, the declarations and the documents', () => {
    const built = ['cjs', 'esm'].flatMap((format) => [
      ...entryPoints.flatMap((name) => [`dist/${format}/${name}.js`, `dist/${format}/${name}.d.ts`]),
      ...sharedFiles.map((name) => `dist/${format}/shared/${name}.js`),
    ]);
    const single = [
      'dist/cjs/package.json',
      'dist/cjs/register-main.js',
      'dist/cjs/register.d.ts',
      'dist/cjs/register.js',
      'dist/esm/cli-main.js',
      'dist/esm/cli.js',
      'dist/esm/listen.html.gz',
      'dist/esm/register-main.js',
      'dist/esm/shared/cli.js',
    ];
    const documents = [
      'CHANGELOG.md',
      'CONTRIBUTING.md',
      'LICENSE',
      'README.md',
      'SECURITY.md',
      'package.json',
    ];
    const files = filesIn(consumer.installed);
    expect(files.filter((file) => !/^(docs|examples)\//.test(file))).toEqual(
      [...built, ...single, ...documents].sort(),
    );
    expect(files.filter((file) => file.startsWith('docs/'))).toEqual(
      filesIn(join(repository, 'docs'))
        .map((file) => `docs/${file}`)
        .filter((file) => !file.startsWith('docs/api/')),
    );
  });

  test('has at most 60 files and 1.5 MB beside documents and examples', () => {
    const files = filesIn(consumer.installed).filter((file) => !/^(docs|examples)\/|\.md$/.test(file));
    const bytes = files.reduce((sum, file) => sum + statSync(join(consumer.installed, file)).size, 0);
    expect(files.length).toBeLessThanOrEqual(60);
    expect(bytes).toBeLessThanOrEqual(1_500_000);
  });

  test('has every file and heading that its documents link to', () => {
    const documents = filesIn(consumer.installed).filter((file) => file.endsWith('.md'));
    expect(documents.flatMap((file) => brokenLinks(consumer.installed, file))).toEqual([]);
  });

  test('imports nothing but its own files, modules of Node.js and its peers', () => {
    const { peerDependencies } = JSON.parse(read('package.json'));
    const foreign = filesIn(consumer.installed)
      .filter((file) => /^dist\/.*\.(js|d\.ts)$/.test(file))
      .flatMap((file) => importedNames(read(file)).map((name) => ({ file, name })))
      .filter(({ name }) => !/^(node:|\.)/.test(name) && peerDependencies[name] === undefined);
    expect(foreign).toEqual([]);
  });

  test('keeps the comments of the sources in ES modules and declarations', () => {
    const comment = '/** Thrown by constructors for mistakes in their options; lists all of them. */';
    const files = ['dist/esm/shared/exporter.js', 'dist/cjs/index.d.ts'];
    const before = files
      .map((file) => read(file).split('\n'))
      .map((lines) => lines[lines.findIndex((line) => line.includes('class ConfigError')) - 1]);
    expect(before).toEqual(files.map(() => comment));
  });

  test('names no file that only exists where it was built', () => {
    const places = [repository.replace(/\/$/, ''), process.env['HOME'] ?? repository];
    const namingAPlace = filesIn(consumer.installed).filter((file) => {
      const text = read(file);
      return places.some((place) => text.includes(`${place}/`)) || /"file:|file:\/\//.test(text);
    });
    expect(namingAPlace).toEqual([]);
  });

  test('declares no dependency beside its peers', () => {
    const { dependencies, optionalDependencies, bundleDependencies } = JSON.parse(read('package.json'));
    expect({ dependencies, optionalDependencies, bundleDependencies }).toEqual({});
  });
});

describe('a program', () => {
  let server: Socket;
  let endpoint: string;
  const received: string[] = [];

  beforeEach(async () => {
    received.length = 0;
    server = createSocket('udp4').bind(0, '127.0.0.1');
    server.on('message', (message) => received.push(String(message)));
    await once(server, 'listening');
    endpoint = `udp://127.0.0.1:${server.address().port}`;
  });
  afterEach(() => {
    server.close();
  });

  /** Everything sent before this call: a datagram to oneself queues up behind what is there already. */
  async function datagrams(): Promise<string[]> {
    server.send('the end', server.address().port, '127.0.0.1');
    while (received.at(-1) !== 'the end') await once(server, 'message');
    return received.slice(0, -1);
  }

  const exporting = `
    const exporter = new statsd.StatsdExporter({ endpoint: process.env.ENDPOINT });
    const provider = new sdk.MeterProvider({
      readers: [new sdk.PeriodicExportingMetricReader({ exporter })],
    });
    provider.getMeter('consumer').createCounter('boxes').add(3);
    console.log(Object.keys(statsd).sort().join());
    provider.shutdown();
  `;
  const counting = `
    require('@opentelemetry/api').metrics.getMeter('consumer').createCounter('boxes').add(3);
  `;

  test('imports the exporter as an ES module and exports with it', async () => {
    consumer.write(
      'exporting.mjs',
      `import * as sdk from '@opentelemetry/sdk-metrics'; import * as statsd from '${packageName}'; ${exporting}`,
    );
    expect(await consumer.node(['exporting.mjs'], { ENDPOINT: endpoint })).toEqual({
      exitCode: 0,
      stdout: 'ConfigError,StatsdExporter,defineConfig,dialects,namePresets\n',
      stderr: '',
    });
    expect(await datagrams()).toEqual(['boxes:3|c\n']);
  });

  test('requires the exporter as a CommonJS module and exports with it', async () => {
    consumer.write(
      'exporting.cjs',
      `const sdk = require('@opentelemetry/sdk-metrics'); const statsd = require('${packageName}'); ${exporting}`,
    );
    expect(await consumer.node(['exporting.cjs'], { ENDPOINT: endpoint })).toEqual({
      exitCode: 0,
      stdout: 'ConfigError,StatsdExporter,defineConfig,dialects,namePresets\n',
      stderr: '',
    });
    expect(await datagrams()).toEqual(['boxes:3|c\n']);
  });

  test('gets the module of its own format, and of register the CommonJS one', async () => {
    const print = 'console.log(resolved.map((path) => path.slice(path.indexOf("/dist/"))).join())';
    const names = `['${packageName}', '${packageName}/register']`;
    const imported = `const resolved = ${names}.map((name) => import.meta.resolve(name)); ${print}`;
    const required = `const resolved = ${names}.map((name) => require.resolve(name)); ${print}`;
    consumer.write('resolving.mjs', imported);
    consumer.write('resolving.cjs', required);
    expect([await consumer.node(['resolving.mjs']), await consumer.node(['resolving.cjs'])]).toEqual([
      { exitCode: 0, stdout: '/dist/esm/index.js,/dist/cjs/register.js\n', stderr: '' },
      { exitCode: 0, stdout: '/dist/cjs/index.js,/dist/cjs/register.js\n', stderr: '' },
    ]);
  });

  test('meets one ConfigError, whichever entry point of a format throws it', async () => {
    const check = `
      try {
        new cluster.ClusterAggregator({});
      } catch (error) {
        console.log(error instanceof statsd.ConfigError);
      }
    `;
    const names = { statsd: packageName, cluster: `${packageName}/cluster` };
    const [imports, requires] = [
      (name: string, from: string) => `import * as ${name} from '${from}';`,
      (name: string, from: string) => `const ${name} = require('${from}');`,
    ].map((load) =>
      Object.entries(names)
        .map(([name, from]) => load(name, from))
        .join('\n'),
    );
    consumer.write('failing.mjs', `${imports}${check}`);
    consumer.write('failing.cjs', `${requires}${check}`);
    const found = { exitCode: 0, stdout: 'true\n', stderr: '' };
    expect([await consumer.node(['failing.mjs']), await consumer.node(['failing.cjs'])]).toEqual([
      found,
      found,
    ]);
  });

  test('is there as a command, by the name that npm links to it', async () => {
    const { version } = JSON.parse(read('package.json'));
    expect(await consumer.node(['node_modules/.bin/otel-statsd', '--version'])).toEqual({
      exitCode: 0,
      stdout: `${version}\n`,
      stderr: '',
    });
  });

  test.each(['--import', '--require'])('exports without code of its own by %s', async (flag) => {
    const env = { OTEL_EXPORTER_STATSD_ENDPOINT: endpoint };
    expect(await consumer.node([flag, `${packageName}/register`, '-e', counting], env)).toEqual({
      exitCode: 0,
      stdout: '',
      stderr: '',
    });
    expect(await datagrams()).toEqual(['boxes:3|c\n']);
  });

  test('has its requests counted once the instrumentations are installed too', async () => {
    consumer.link('@opentelemetry/auto-instrumentations-node');
    consumer.write(
      'serving.mjs',
      `
        import { createServer, get } from 'node:http';
        const server = createServer((request, response) => response.end('ok')).listen(0, '127.0.0.1', () => {
          get({ port: server.address().port, host: '127.0.0.1' }, (response) => {
            response.resume().on('end', () => server.close());
          });
        });
      `,
    );
    const env = {
      OTEL_EXPORTER_STATSD_ENDPOINT: endpoint,
      OTEL_EXPORTER_STATSD_DIALECT: 'dogstatsd',
      OTEL_NODE_ENABLED_INSTRUMENTATIONS: 'http',
    };
    expect(await consumer.node(['--import', `${packageName}/register`, 'serving.mjs'], env)).toEqual({
      exitCode: 0,
      stdout: '',
      stderr: '',
    });
    const lines = (await datagrams()).flatMap((datagram) => datagram.trimEnd().split('\n'));
    expect(lines.map((line) => line.split(':')[0]).sort()).toEqual([
      'http.client.request.duration',
      'http.server.request.duration',
    ]);
  });
});

describe('a TypeScript program', () => {
  beforeAll(() => consumer.link('@types/node'));

  const source = `
    import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
    import * as statsd from '${packageName}';
    import '${packageName}/register';

    const name: statsd.DialectName = 'dogstatsd';
    const dialect: statsd.Dialect = statsd.dialects[name];
    const options: statsd.StatsdExporterOptions = { endpoint: 'udp://127.0.0.1:8125', dialect };
    export const exporter = new statsd.StatsdExporter(options);
    export const stats: statsd.StatsdExporterStats = exporter.stats();
    export const provider = new MeterProvider({ readers: [new PeriodicExportingMetricReader({ exporter })] });
    export const isOurs = (error: Error): error is statsd.ConfigError => error instanceof statsd.ConfigError;
    // @ts-expect-error: there is no such option
    new statsd.StatsdExporter({ endPoint: 'udp://127.0.0.1:8125' });
    // @ts-expect-error: there is no such dialect
    new statsd.StatsdExporter({ dialect: 'dogstats' });
  `;

  test.each(['mts', 'cts'])('compiles as .%s with every declaration file checked', async (extension) => {
    const compilerOptions = {
      module: 'nodenext',
      target: 'es2022',
      strict: true,
      skipLibCheck: false,
      noUncheckedSideEffectImports: true,
      types: ['node'],
      noEmit: true,
    };
    consumer.write(`program.${extension}`, source);
    consumer.write('tsconfig.json', JSON.stringify({ compilerOptions, files: [`program.${extension}`] }));
    const compiler = join(repository, 'node_modules/typescript/bin/tsc');
    expect(await consumer.node([compiler, '-p', 'tsconfig.json'])).toEqual({
      exitCode: 0,
      stdout: '',
      stderr: '',
    });
  });
});

function importedNames(code: string): string[] {
  const statements = code.matchAll(/^(?:import|export)\b.*? from '([^']+)';$|= require\('([^']+)'\)/gm);
  return [...statements].map(([, imported, required]) => (imported ?? required)!);
}

function read(file: string): string {
  return readFileSync(join(consumer.installed, file), 'utf8');
}
