// One UDP socket connected to one address.

import { createSocket, type Socket } from 'node:dgram';
import { type Address, errorCode } from '../endpoint/resolver.js';

/** Resolves once the socket is connected, so that later sends need no look-up; rejects with the error. */
export function openUdpSocket(
  { address, family }: Address,
  port: number,
  onError: (code: string) => void,
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    // The address is a literal: a look-up of our own keeps it, and the implicit bind's, off the thread pool.
    const socket = createSocket({
      type: family === 6 ? 'udp6' : 'udp4',
      lookup: (host, _options, callback) => callback(null, host, family),
    });
    socket.unref();
    const failedToOpen = (error: Error): void => {
      socket.close();
      reject(error);
    };
    socket.once('error', failedToOpen);
    socket.connect(port, address, () => {
      // The listener stays for good: without one, the ICMP answer to a lost datagram would crash the process.
      socket.on('error', (error) => onError(errorCode(error)));
      socket.off('error', failedToOpen);
      resolve(socket);
    });
  });
}

/**
 * Sends payloads, all of them at once. Of each undefined when the operating system took it, else a code; a refusal is
 * then about the datagram before, and this one was not sent.
 */
export function sendDatagrams(
  socket: Socket,
  payloads: readonly Uint8Array[],
): Promise<(string | undefined)[]> {
  return new Promise((resolve) => {
    const codes: (string | undefined)[] = payloads.map(() => undefined);
    let missing = payloads.length;
    const answered = (index: number, error: unknown): void => {
      if (error !== null && error !== undefined) codes[index] = errorCode(error);
      missing -= 1;
      if (missing === 0) resolve(codes);
    };
    payloads.forEach((bytes, index) => {
      try {
        socket.send(bytes, (error) => answered(index, error));
      } catch (error) {
        // A socket closed in the meantime throws instead of calling back.
        answered(index, error);
      }
    });
  });
}
