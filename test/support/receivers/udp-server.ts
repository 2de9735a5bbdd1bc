// A UDP server that keeps the datagrams it got.
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { onTestFinished } from 'vitest';
import { skipWithoutAddress } from '../platform.js';

export interface UdpServer {
  readonly port: number;
  /** Each as text, in the order they came. */
  readonly datagrams: string[];
  /** Resolves once the datagrams hold that many lines. */
  gotLines(count: number): Promise<string[]>;
  /** Everything that was sent to it before the call: a datagram to oneself queues up behind what is there. */
  drain(): Promise<string[]>;
  stop(): Promise<void>;
}

/** Listens on 127.0.0.1 until the test ends, on a free port unless one is named. */
export async function startUdpServer(
  at = 0,
  { address = '127.0.0.1' }: { address?: string } = {},
): Promise<UdpServer> {
  skipWithoutAddress(address);
  const datagrams: string[] = [];
  const socket: Socket = createSocket({ type: 'udp4', recvBufferSize: 4 * 2 ** 20 });
  socket.bind(at, address);
  await once(socket, 'listening');
  const { port } = socket.address();
  let isOpen = true;
  const stop = async (): Promise<void> => {
    if (!isOpen) return;
    isOpen = false;
    const closed = once(socket, 'close');
    socket.close();
    await closed;
  };
  onTestFinished(stop);

  const END = 'the end';
  socket.on('message', (message) => datagrams.push(message.toString()));
  const lineCount = (): number =>
    datagrams.reduce((sum, datagram) => sum + datagram.split('\n').length - 1, 0);
  return {
    port,
    datagrams,
    stop,
    gotLines: async (count) => {
      while (lineCount() < count) await once(socket, 'message');
      return datagrams;
    },
    drain: async () => {
      socket.send(END, port, address);
      while (datagrams.at(-1) !== END) await once(socket, 'message');
      datagrams.pop();
      return datagrams;
    },
  };
}

/** A UDP port of 127.0.0.1 on which nothing listens. */
export async function unusedUdpPort(): Promise<number> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  await once(socket, 'close');
  return port;
}
