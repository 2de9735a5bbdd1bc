import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface UdpReceiver {
  readonly port: number;
  /** Datagrams so far, as text. */
  readonly datagrams: readonly string[];
  /** Every line so far. */
  readonly lines: readonly string[];
  /** Resolves with all lines once there are that many. */
  waitForLines(count: number): Promise<readonly string[]>;
}

/** A UDP socket on a free port of 127.0.0.1, closed when the running test ends. */
export async function startUdpReceiver(): Promise<UdpReceiver> {
  const socket = createSocket('udp4');
  const datagrams: string[] = [];
  const lines: string[] = [];
  socket.on('message', (message) => {
    const text = message.toString();
    datagrams.push(text);
    lines.push(...text.split('\n').filter((line) => line !== ''));
    socket.emit('lines');
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  onTestFinished(() => new Promise<void>((resolve) => void socket.close(() => resolve())));
  return {
    port: (socket.address() as AddressInfo).port,
    datagrams,
    lines,
    async waitForLines(count) {
      while (lines.length < count) await once(socket, 'lines');
      return lines;
    },
  };
}
