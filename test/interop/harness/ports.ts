// Free ports of the loopback interface.
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';

export const HOST = '127.0.0.1';

/** Different ports that are free for UDP and TCP. All are bound until the last is found. */
export async function freePorts(count: number): Promise<number[]> {
  const taken: { close(): unknown }[] = [];
  const ports: number[] = [];
  while (ports.length < count) {
    const server = createServer().listen(0, HOST);
    await once(server, 'listening');
    taken.push(server);
    const { port } = server.address() as AddressInfo;
    const socket = createSocket('udp4').bind(port, HOST);
    const isFree = await once(socket, 'listening').then(
      () => true,
      () => false,
    );
    if (!isFree) continue;
    taken.push(socket);
    ports.push(port);
  }
  for (const each of taken) each.close();
  return ports;
}

/** True when somebody accepts connections there. */
export function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, HOST, () => {
      socket.end();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}
