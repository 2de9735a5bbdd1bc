// Runs inside the statsd process, loaded twice over by name: preloaded (`--require`), where it fits the daemon
// to today's Node and to being observed, and as a backend, where it hands every flush to the parent process.
// The daemon's own code (parsing, aggregation, percentiles, admin port) runs unchanged.
const { rmSync, writeFileSync } = require('node:fs');
const { dirname } = require('node:path');
const util = require('node:util');
const v8 = require('node:v8');

// statsd 0.9.0 logs with util.log, which Node 23 removed. Nothing else it uses is gone.
util.log ??= (...message) => console.log(...message);

// lib/mgmt_server.js answers in util.inspect text, which by default leaves out what follows the 100th array element.
util.inspect.defaultOptions.maxArrayLength = null;

// stats.js keeps its flush to itself and runs it by a timer: holding that timer lets the parent ask for the flush
// now. The function and what it computes stay the daemon's own.
const setTimeoutOfNode = globalThis.setTimeout;
let flushTimer;
let flushMetrics = () => {};
globalThis.setTimeout = (callback, ...rest) => {
  const timer = setTimeoutOfNode(callback, ...rest);
  if (callback.name === 'flushMetrics') {
    flushTimer = timer;
    flushMetrics = callback;
  }
  return timer;
};

process.on('message', (message) => {
  if (message !== 'flush') return;
  clearTimeout(flushTimer);
  flushMetrics();
});

// The process that started the daemon has ended without stopping it: no other process clears up.
process.on('disconnect', () => {
  process.on('exit', () => rmSync(dirname(process.argv[2]), { recursive: true, force: true }));
  process.exit();
});

// Listeners run in order of registration, so this one precedes the final flush that stats.js does on 'exit'.
let exiting = false;
process.on('exit', () => {
  exiting = true;
});

exports.init = (_startupTime, config, events) => {
  events.on('flush', (timestamp, metrics) => {
    const flush = {
      timestamp,
      counters: metrics.counters,
      gauges: metrics.gauges,
      timers: metrics.timers,
      timerData: metrics.timer_data,
      sets: Object.fromEntries(Object.entries(metrics.sets).map(([name, set]) => [name, set.values()])),
    };
    // A message sent while exiting may be cut; a file is not.
    if (exiting) writeFileSync(config.finalFlushFile, v8.serialize(flush));
    else process.send({ event: 'flush', value: flush });
  });
  // stats.js loads its backends after it has told its servers to listen; a port in use ends the process before this.
  setImmediate(() => process.send({ event: 'ready' }));
  return true;
};
