// Runs inside the process of statsd's proxy.js, preloaded (`--require`): fits it to today's Node.js, and lets the parent
// ask for the check of the daemons' health, which otherwise comes by the clock. All else is the proxy's own.
const util = require('node:util');

// lib/logger.js of statsd 0.9.0 logs with util.log, which Node 23 removed.
util.log ??= (...message) => console.log(...message);

const setIntervalOfNode = globalThis.setInterval;
let checkHealth = () => {};
globalThis.setInterval = (callback, ...rest) => {
  const timer = setIntervalOfNode(callback, ...rest);
  if (callback.name === 'doHealthChecks') checkHealth = callback;
  return timer;
};

process.on('message', (message) => {
  if (message === 'check') checkHealth();
});

// The process that started the proxy is gone: so is the reason to run.
process.on('disconnect', () => process.exit());
