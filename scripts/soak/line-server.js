// The server child of the soak: started, killed and started again at the same port, each life with a record of its own.

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('../../test/faults/support/line-server.js', import.meta.url));

const sleep = (millis) => new Promise((resolve) => setTimeout(resolve, millis));

/** Processes slowly enough that a killed server leaves something unread. */
const BYTES_PER_SECOND = 5e6;

/**
 * Ports that no system gives out by itself: another process that got the server's port while it is away would receive
 * its lines.
 */
const [FIRST_PORT, LAST_PORT] = [20_000, 32_000];

/** How often a port that is in use is tried, with a pause in between. */
const MAX_STARTS = 100;
const PAUSE_MILLIS = 200;

export class LineServer {
  recordFiles = [];
  kills = 0;
  port = randomPort();
  #hasListened = false;
  #folder = mkdtempSync(join(tmpdir(), 'statsd-soak-'));
  #child;

  async start() {
    const recordFile = join(this.#folder, `record-${this.recordFiles.length}`);
    this.recordFiles.push(recordFile);
    for (let starts = 0; starts < MAX_STARTS; starts += 1) {
      if (await this.#listens(recordFile)) return;
      // The exporter knows the port only after the first start.
      if (this.#hasListened) await sleep(PAUSE_MILLIS);
      else this.port = randomPort();
    }
    throw new Error(`port ${this.port} of 127.0.0.1 is in use by another process`);
  }

  /** False when the process ends without listening, which it does when the port is in use. */
  async #listens(recordFile) {
    const settings = { protocol: 'tcp', port: this.port, bytesPerSecond: BYTES_PER_SECOND, recordFile };
    const child = fork(script, [JSON.stringify(settings)]);
    this.#child = child;
    const isListening = await Promise.race([
      once(child, 'message').then(() => true),
      once(child, 'exit').then(() => false),
    ]);
    this.#hasListened ||= isListening;
    return isListening;
  }

  tell(fault) {
    this.#child.send(fault);
  }

  /** Stops the whole process, or lets it go on: it holds nothing that it does not know of. */
  signal(signal) {
    this.#child.kill(signal);
  }

  async kill() {
    const gone = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await gone;
    this.kills += 1;
  }

  /** Ends as servers do that are told to; killed when that takes too long. */
  async end() {
    const gone = once(this.#child, 'exit');
    this.tell('end');
    const timer = setTimeout(() => {
      this.kills += 1;
      this.#child.kill('SIGKILL');
    }, 5_000);
    await gone;
    clearTimeout(timer);
  }

  /** The records of all lives. */
  removeRecords() {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

function randomPort() {
  return FIRST_PORT + Math.floor(Math.random() * (LAST_PORT - FIRST_PORT));
}
