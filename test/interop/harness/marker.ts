// Finding out when a server's interval begins: a gauge of ours is reported when the interval that it arrived in ends.
import { createSocket } from 'node:dgram';
import { poll } from './poll.js';
import { HOST } from './ports.js';

let markers = 0;

/** Resolves as soon as a gauge that is sent now, by itself, is reported. */
export async function awaitFlush(
  port: number,
  name: string,
  gauges: () => Readonly<Record<string, number>> | Promise<Readonly<Record<string, number>>>,
): Promise<void> {
  const marker = ++markers;
  const socket = createSocket('udp4');
  try {
    // A datagram may be lost; and the first end of an interval to be seen may be that of one that was ending anyway.
    socket.send(`${name}:${marker}|g\n`, port, HOST);
    await poll('the end of an interval', async () => ((await gauges())[name] === marker ? true : undefined), {
      everyMillis: 5,
    });
  } finally {
    socket.close();
  }
}
