// One UDP socket connected to one address.

import type { Socket } from 'node:dgram';
import { errorCode } from '../../runtime/error-code.js';
import type { Address } from '../endpoint/resolver.js';

/**
 * Resolves once the socket is connected, so that later sends need no lookup; rejects with the error. Later errors, such
 * as the ICMP answer to a datagram that no process received, are passed to `onError`.
 */
export function openUdpSocket(
  { address, family }: Address,
  port: number,
  onError: (code: string) => void,
): Promise<Socket> {
  const { createSocket } = process.getBuiltinModule('node:dgram');
  return new Promise((resolve, reject) => {
    // The address is a literal. This lookup keeps it, and the address of the implicit bind, off the thread pool.
    const socket = createSocket({
      type: family === 6 ? 'udp6' : 'udp4',
      lookup: (host, _options, callback) => callback(null, host, family),
    });
    socket.unref();
    let isOpening = true;
    const opened = (error?: Error): void => {
      if (!isOpening) return;
      isOpening = false;
      if (!error) return resolve(socket);
      socket.close();
      reject(error);
    };
    // The listener stays: an 'error' event without one would crash the process.
    socket.on('error', (error) => (isOpening ? opened(error) : onError(errorCode(error))));
    // Node calls back with the error of connect(2), which the types do not know: no route, no permission to broadcast,
    // a link-local address without a zone.
    socket.connect(port, address, opened as () => void);
  });
}

/**
 * Sends all payloads at once. For each undefined when the operating system took it, else a code. A refusal is about the
 * datagram before; the one it is reported for was not sent.
 */
export function sendDatagrams(
  socket: Socket,
  payloads: readonly Uint8Array[],
): Promise<(string | undefined)[]> {
  return new Promise((resolve) => {
    const codes: (string | undefined)[] = payloads.map(() => undefined);
    let pending = payloads.length;
    const completed = (index: number, error: unknown): void => {
      if (error !== null && error !== undefined) codes[index] = errorCode(error);
      pending -= 1;
      if (pending === 0) resolve(codes);
    };
    payloads.forEach((bytes, index) => {
      try {
        socket.send(bytes, (error) => completed(index, error));
      } catch (error) {
        // A socket closed in the meantime throws instead of calling back.
        completed(index, error);
      }
    });
  });
}
