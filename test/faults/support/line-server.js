// A server in a process of its own, to be killed, stalled and reset. What it processes is written to a
// file, a few lines at a time, and before that how many lines a read brought: so what a killed server had processed,
// and what it had read and not processed, is known to the line.
// Started with its settings as JSON (see fault-server.ts), controlled by messages.

import { createSocket } from 'node:dgram';
import { openSync, readFileSync, writeSync } from 'node:fs';
import { createServer } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';

const settings = JSON.parse(process.argv[2]);
const {
  protocol,
  port = 0,
  host = '127.0.0.1',
  path,
  backlog,
  bytesPerSecond,
  neverClose = false,
  neverRead = false,
} = settings;
const { fault, poison, junkBytes = 0, pauseMillis, recordFile } = settings;

/** One system call for each line would take longer than all the rest. */
const LINES_AT_ONCE = 25;

/** How many connections are closed as soon as they are accepted, when told to close the next ones. */
const CLOSED_AT_ONCE = 3;

const record = openSync(recordFile, 'a');
const sockets = new Set();
let server;
let lines = 0;
let connections = 0;
let closeUpTo = settings.closeFirst ?? 0;
let isStalled = false;
let sawEnd = false;

function handle(text) {
  const whole = text.split('\n');
  const rest = whole.pop();
  if (whole.length > 0) writeSync(record, `read ${whole.length}\n`);
  for (let at = 0; at < whole.length; at += LINES_AT_ONCE) processLines(whole.slice(at, at + LINES_AT_ONCE));
  return rest;
}

const nothing = new Int32Array(new SharedArrayBuffer(4));

function standStill(millis) {
  Atomics.wait(nothing, 0, 0, millis);
}

function processLines(some) {
  const before = lines;
  // To pause the socket instead would let Node.js read on for a while, and and what it holds then is unknown.
  if (bytesPerSecond !== undefined) standStill((some.join('\n').length / bytesPerSecond) * 1_000);
  writeSync(record, some.map(withoutTags).join(''));
  lines += some.length;
  if (fault?.atLine > before && fault.atLine <= lines) act(fault.do);
}

function withoutTags(line) {
  const end = line.indexOf('|#');
  return end < 0 ? `${line}\n` : `${line.slice(0, end)}\n`;
}

function act(how) {
  switch (how) {
    case 'kill':
      return process.kill(process.pid, 'SIGKILL');
    case 'destroy':
      for (const socket of sockets) socket.destroy();
      return;
    case 'reset':
      for (const socket of sockets) socket.resetAndDestroy();
      return;
    case 'end':
      // Graceful shutdown: no new connections; the others are read until the clients close.
      server.close(() => process.exit());
      for (const socket of sockets) socket.end();
      return;
    case 'stall':
      isStalled = true;
      for (const socket of sockets) socket.pause();
      return;
    case 'resume':
      isStalled = false;
      for (const socket of sockets) socket.resume();
      return;
    case 'close-next':
      closeUpTo = connections + CLOSED_AT_ONCE;
      return;
    default:
      throw new Error(`no such fault: ${how}`);
  }
}

function serve(socket) {
  connections += 1;
  if (connections <= closeUpTo) {
    socket.on('error', () => {});
    return socket.destroy();
  }
  sockets.add(socket);
  socket.on('error', () => {});
  socket.on('close', () => sockets.delete(socket));
  socket.on('end', () => {
    if (fault?.atEnd && !sawEnd) act(fault.do);
    sawEnd = true;
  });
  if (isStalled) socket.pause();
  if (junkBytes > 0) socket.write(Buffer.alloc(junkBytes, 'junk '));
  let rest = '';
  socket.setEncoding('utf8');
  socket.on('data', (text) => {
    rest = handle(rest + text);
    if (poison !== undefined && (text.includes(poison) || rest.includes(poison))) socket.resetAndDestroy();
  });
}

function listenUdp() {
  server = createSocket('udp4');
  server.on('message', (message) => handle(message.toString()));
  server.bind(port, host, () => process.send({ port: server.address().port }));
  if (pauseMillis === undefined) return;
  // A receiver that is busy with something else for a tenth of the time, for so long at once.
  setInterval(standStill, 10 * pauseMillis, pauseMillis);
}

function listenStream() {
  const options = { allowHalfOpen: neverClose, pauseOnConnect: neverRead };
  server =
    protocol === 'tls'
      ? createTlsServer({ ...options, key: readPem('key'), cert: readPem('cert') }, serve)
      : createServer(options, serve);
  // A client that goes away in the middle of a handshake.
  if (protocol === 'tls') server.on('connection', (socket) => socket.on('error', () => {}));
  const at = protocol === 'unix' ? { path, backlog } : { port, host, backlog };
  server.listen(at, () => process.send({ port: server.address().port }));
}

function readPem(name) {
  return readFileSync(new URL(`../../support/tls/${name}.pem`, import.meta.url));
}

if (protocol === 'udp') listenUdp();
else listenStream();

process.on('message', (how) => {
  if (how === 'connections') process.send({ connections });
  else act(how);
});
// Ends together with the process that started it.
process.on('disconnect', () => process.exit());
