// Takes what clients send by UDP, TCP and unix sockets, and adds it up. Talks to its parent: `{ endpoints }` when it
// listens, and the totals since the last time for each 'totals' it is asked.
import { createSocket } from 'node:dgram';
import { rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StatsdTotals } from '../lib/totals.js';

/** As much as systems allow; Linux gives no more than net.core.rmem_max. */
const RECEIVE_BUFFER_BYTES = 4 * 2 ** 20;

let finished = { points: 0, sum: 0 };
const add = ({ points, sum }) => {
  finished.points += points;
  finished.sum += sum;
};

const udp = createSocket({ type: 'udp4', recvBufferSize: RECEIVE_BUFFER_BYTES });
udp.on('message', (message) => {
  const datagram = new StatsdTotals();
  datagram.addWhole(message);
  add(datagram.totals);
});
await new Promise((resolve) => udp.bind(0, '127.0.0.1', resolve));

function streamServer() {
  return createServer((socket) => {
    const totals = new StatsdTotals();
    socket.on('data', (piece) => totals.addPiece(piece));
    socket.on('error', () => {});
    // A client takes our end for a confirmation, which goes out only after this.
    socket.on('end', () => add(totals.totals));
  });
}
const tcp = streamServer();
await new Promise((resolve) => tcp.listen(0, '127.0.0.1', resolve));
const path = join(tmpdir(), `statsd-bench-${process.pid}.sock`);
const unix = streamServer();
await new Promise((resolve) => unix.listen(path, resolve));
process.on('exit', () => rmSync(path, { force: true }));

process.on('disconnect', () => process.exit(0));
process.on('message', () => {
  process.send({ totals: finished });
  finished = { points: 0, sum: 0 };
});
process.send({ udp: udp.address().port, tcp: tcp.address().port, unix: path });
