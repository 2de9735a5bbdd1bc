// The real statsd daemon as the demo and the tests use it: started on free ports, read back through its own admin
// interface. The contract is in statsd-daemon.d.ts.
import { createSocket } from 'node:dgram';
import { setTimeout as wait } from 'node:timers/promises';
import { askAdmin } from './statsd-admin.js';
import { StatsdProcess } from './statsd-process.js';

const POLL_MILLIS = 20;
const DEADLINE_MILLIS = 10_000;

// What the daemon and this harness say about themselves; kept apart from what was sent to it.
const OWN_COUNTERS = {
  badLinesSeen: 'statsd.bad_lines_seen',
  packetsReceived: 'statsd.packets_received',
  metricsReceived: 'statsd.metrics_received',
};
const MARKER = 'statsd.settled';
const OWN_NAMES = new Set([...Object.values(OWN_COUNTERS), MARKER, 'statsd.timestamp_lag']);

export async function startStatsdDaemon(options = {}) {
  const daemon = new StatsdDaemon(options);
  await daemon.restart();
  return daemon;
}

class StatsdDaemon extends StatsdProcess {
  #markers = 0;

  async counters() {
    return withoutOwn(await this.#ask('counters'));
  }

  async gauges() {
    return withoutOwn(await this.#ask('gauges'));
  }

  async timers() {
    return this.#ask('timers');
  }

  async ownCounters() {
    const counters = await this.#ask('counters');
    return Object.fromEntries(Object.entries(OWN_COUNTERS).map(([key, name]) => [key, counters[name]]));
  }

  async nextFlush() {
    return split(await super.nextFlush());
  }

  async flush() {
    return split(await super.flush());
  }

  async stop() {
    const flush = await super.stop();
    return flush && split(flush);
  }

  async waitForCounter(name, value, deadlineMillis) {
    await waitFor(`counter ${name} to be ${value}`, deadlineMillis, async () => {
      const { [name]: current = 0 } = await this.counters();
      // Counters only rise between flushes: waiting on would be in vain.
      return { current, done: current === value, failed: current > value };
    });
  }

  async waitForGauge(name, value, deadlineMillis) {
    await waitFor(`gauge ${name} to be ${value}`, deadlineMillis, async () => {
      const { [name]: current } = await this.gauges();
      return { current, done: current === value };
    });
  }

  async waitForTimer(name, count, deadlineMillis) {
    let values;
    await waitFor(`timer ${name} to hold ${count} values`, deadlineMillis, async () => {
      values = (await this.timers())[name] ?? [];
      return { current: values.length, done: values.length === count, failed: values.length > count };
    });
    return values;
  }

  async settle(deadlineMillis) {
    const marker = ++this.#markers;
    const socket = createSocket('udp4');
    try {
      await waitFor('all datagrams to be read', deadlineMillis, async () => {
        socket.send(`${MARKER}:${marker}|g`, this.udpPort, this.host);
        const { [MARKER]: current } = await this.#ask('gauges');
        return { current, done: current === marker };
      });
    } finally {
      socket.close();
    }
  }

  async #ask(command) {
    if (!this.running) throw this.notRunning();
    try {
      return await askAdmin(
        { host: this.host, port: this.adminPort, timeoutMillis: DEADLINE_MILLIS },
        command,
      );
    } catch (error) {
      throw new Error(`statsd did not answer: ${error.message}; its last words:\n${this.output}`, {
        cause: error,
      });
    }
  }
}

async function waitFor(what, deadlineMillis = DEADLINE_MILLIS, probe) {
  const deadline = performance.now() + deadlineMillis;
  for (;;) {
    const { current, done, failed = false } = await probe();
    if (done) return;
    if (failed || performance.now() > deadline) throw new Error(`waited for ${what}, but it is ${current}`);
    await wait(POLL_MILLIS);
  }
}

function withoutOwn(metrics) {
  return Object.fromEntries(Object.entries(metrics).filter(([name]) => !OWN_NAMES.has(name)));
}

function split(flush) {
  return { ...flush, counters: withoutOwn(flush.counters), gauges: withoutOwn(flush.gauges) };
}
