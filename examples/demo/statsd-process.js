// The life of a real statsd 0.9.0 process: started on free loopback ports, watched, stopped, killed, started again.
// All it writes lies in one temporary directory, which goes with it.
import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { EventEmitter, once } from 'node:events';
import { rmSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { deserialize } from 'node:v8';

const DAEMON = fileURLToPath(import.meta.resolve('statsd/stats.js'));
const CHILD = fileURLToPath(new URL('./statsd-child.cjs', import.meta.url));

// Somebody else may take a port between its discovery and the daemon's use of it.
const START_ATTEMPTS = 20;
const STOP_MILLIS = 5_000;
// So long that only the flushes asked for take place.
const ONE_HOUR_MILLIS = 3_600_000;

export class StatsdProcess {
  host = '127.0.0.1';
  udpPort = 0;
  tcpPort = 0;
  adminPort = 0;
  unixPath = '';
  output = '';
  #options;
  #directory = '';
  #child;
  #ending = 'not started';
  #events = new EventEmitter();
  #removeLeftovers = () => {
    this.#child?.kill('SIGKILL');
    rmSync(this.#directory, { recursive: true, force: true });
  };

  /** @param {import('./statsd-daemon.js').StatsdDaemonOptions} options */
  constructor(options) {
    this.#options = options;
  }

  get pid() {
    return this.#child?.pid;
  }

  get running() {
    return this.#child !== undefined;
  }

  async restart() {
    await this.#end();
    const isFirstStart = this.udpPort === 0;
    await this.#makeDirectory();
    for (let attempt = 1; ; attempt++) {
      if (isFirstStart) Object.assign(this, await findFreePorts(this.host));
      try {
        return await this.#launch();
      } catch (error) {
        if (this.output.includes('EADDRINUSE') && attempt < START_ATTEMPTS) continue;
        await this.stop();
        throw error;
      }
    }
  }

  async stop() {
    const flush = await this.#end();
    process.off('exit', this.#removeLeftovers);
    await rm(this.#directory, { recursive: true, force: true });
    return flush;
  }

  async kill() {
    this.#child?.kill('SIGKILL');
    await this.#end();
  }

  pause() {
    this.#child?.kill('SIGSTOP');
  }

  resume() {
    this.#child?.kill('SIGCONT');
  }

  nextFlush() {
    return this.#untilExit('flush');
  }

  flush() {
    const flush = this.nextFlush();
    this.#child?.send('flush');
    return flush;
  }

  notRunning() {
    return new Error(`statsd is not running (${this.#ending}); its last words:\n${this.output}`);
  }

  async #makeDirectory() {
    if (this.#directory === '') {
      this.#directory = await mkdtemp(join(tmpdir(), 'statsd-'));
      this.unixPath = join(this.#directory, 'statsd.sock');
    }
    await mkdir(this.#directory, { recursive: true });
    process.off('exit', this.#removeLeftovers);
    process.on('exit', this.#removeLeftovers);
  }

  async #launch() {
    const configFile = join(this.#directory, 'config.json');
    await writeFile(configFile, JSON.stringify(this.#config(), null, 2));
    // A killed daemon leaves its socket file, and would not listen on a path that exists.
    await rm(this.unixPath, { force: true });

    this.output = '';
    const child = spawn(process.execPath, ['--require', CHILD, DAEMON, configFile], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      // Keeps NaN and the infinities, which JSON does not.
      serialization: 'advanced',
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        this.output += text;
      });
    }
    child.on('message', ({ event, value }) => this.#events.emit(event, value));
    child.on('close', (status, signal) => {
      this.#child = undefined;
      this.#ending = `ended by ${signal ?? `status ${status}`}`;
      this.#events.emit('exit');
    });
    await this.#untilExit('ready');
  }

  #config() {
    const { flushIntervalMillis = ONE_HOUR_MILLIS, percentThreshold = [50, 90, 99] } = this.#options;
    return {
      servers: [
        { server: './servers/udp', address: this.host, port: this.udpPort },
        { server: './servers/tcp', address: this.host, port: this.tcpPort },
        ...(this.#options.unix ? [{ server: './servers/tcp', socket: this.unixPath }] : []),
      ],
      mgmt_address: this.host,
      mgmt_port: this.adminPort,
      flushInterval: flushIntervalMillis,
      percentThreshold,
      automaticConfigReload: false,
      ...this.#options.config,
      backends: [CHILD, ...(this.#options.config?.backends ?? [])],
      finalFlushFile: this.#finalFlushFile,
    };
  }

  get #finalFlushFile() {
    return join(this.#directory, 'final-flush');
  }

  /** Ends the process if it runs, and returns the flush it does when it ends by SIGTERM. */
  async #end() {
    const child = this.#child;
    if (child === undefined) return undefined;
    const exit = once(this.#events, 'exit');
    child.kill('SIGTERM');
    // A paused process acts on SIGTERM only when it runs again.
    child.kill('SIGCONT');
    const patience = setTimeout(() => child.kill('SIGKILL'), STOP_MILLIS);
    await exit;
    clearTimeout(patience);
    const flush = await readFile(this.#finalFlushFile).catch(() => undefined);
    await rm(this.#finalFlushFile, { force: true });
    return flush && deserialize(flush);
  }

  /** The value of the next event of this name, or an error if the process exits before. */
  async #untilExit(event) {
    if (!this.running) throw this.notRunning();
    const exit = new AbortController();
    const onExit = () => exit.abort();
    this.#events.once('exit', onExit);
    try {
      const [value] = await once(this.#events, event, { signal: exit.signal });
      return value;
    } catch {
      throw this.notRunning();
    } finally {
      this.#events.off('exit', onExit);
    }
  }
}

/** Three different free ports: all are held at once while the system picks them. */
async function findFreePorts(host) {
  const udp = createSocket('udp4').bind(0, host);
  const tcp = createServer().listen(0, host);
  const admin = createServer().listen(0, host);
  const sockets = [udp, tcp, admin];
  await Promise.all(sockets.map((socket) => once(socket, 'listening')));
  const [udpPort, tcpPort, adminPort] = sockets.map((socket) => socket.address().port);
  await Promise.all(sockets.map((socket) => new Promise((resolve) => socket.close(resolve))));
  return { udpPort, tcpPort, adminPort };
}
