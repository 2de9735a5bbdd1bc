// The real statsd 0.9.0 daemon for tests. The harness itself is plain JavaScript, shared with the demo; this wrapper adds
// only that a daemon never outlives the test that started it.
import { onTestFinished } from 'vitest';
import {
  type StatsdDaemon,
  type StatsdDaemonOptions,
  startStatsdDaemon as start,
} from '../../../examples/demo/statsd-daemon.js';

export type { StatsdDaemon } from '../../../examples/demo/statsd-daemon.js';

/** Starts a daemon that is stopped when the running test ends. */
export async function startStatsdDaemon(options?: StatsdDaemonOptions): Promise<StatsdDaemon> {
  const daemon = await start(options);
  onTestFinished(async () => {
    await daemon.stop();
  });
  return daemon;
}
