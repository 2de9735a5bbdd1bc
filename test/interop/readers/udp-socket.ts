// What Linux says of a UDP socket (/proc/net/udp): how much waits to be read, and how many datagrams found no room.
import { readFileSync } from 'node:fs';

export interface UdpSocketState {
  readonly waitingBytes: number;
  readonly drops: number;
}

/** Undefined when no socket is bound to the port. */
export function udpSocketState(port: number): UdpSocketState | undefined {
  const local = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const states = ['/proc/net/udp', '/proc/net/udp6']
    .flatMap((file) => readFileSync(file, 'utf8').trim().split('\n').slice(1))
    .map((line) => line.trim().split(/\s+/))
    // A connected socket on the same port would be a client's.
    .filter((fields) => fields[1]?.endsWith(local) && fields[2]?.endsWith(':0000'));
  if (states.length === 0) return undefined;
  const sum = (read: (fields: readonly string[]) => number) =>
    states.reduce((total, fields) => total + read(fields), 0);
  return {
    waitingBytes: sum((fields) => Number.parseInt(fields[4]!.split(':')[1]!, 16)),
    drops: sum((fields) => Number(fields.at(-1))),
  };
}
