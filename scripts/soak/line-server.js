// The server child of the soak: started, killed and started again at the same port, each life with a record of its own.

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('../../test/faults/support/line-server.js', import.meta.url));

/** Processes slowly enough that a killed server leaves something unread. */
const BYTES_PER_SECOND = 5e6;

export class LineServer {
  recordFiles = [];
  kills = 0;
  port = 0;
  #folder = mkdtempSync(join(tmpdir(), 'statsd-soak-'));
  #child;

  async start() {
    const recordFile = join(this.#folder, `record-${this.recordFiles.length}`);
    this.recordFiles.push(recordFile);
    const settings = { protocol: 'tcp', port: this.port, bytesPerSecond: BYTES_PER_SECOND, recordFile };
    this.#child = fork(script, [JSON.stringify(settings)]);
    const [{ port }] = await once(this.#child, 'message');
    this.port = port;
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
