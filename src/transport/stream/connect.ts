// Opens the sockets of stream connections. What differs between tcp, tls and unix stays in here.

import { connect, isIP, type LookupFunction, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import type { Address } from '../endpoint/resolver.js';

export interface StreamSocket {
  readonly socket: Socket;
  /** The event after which lines can be sent. */
  readonly readyEvent: 'connect' | 'secureConnect';
  /** Gives the connection up; with a reset if that may be, so that the server does not read on what is sent again. */
  abort(): void;
}

/** With several addresses, how long one may take before the next is tried; Node's 250 ms cuts off slow good ones. */
const ADDRESS_ATTEMPT_MILLIS = 1_000;

/** A connection whose server has vanished is noticed within some 20 s, as long as nothing is being sent. */
const KEEP_ALIVE_MILLIS = 10_000;

export function openTcp(
  addresses: readonly [Address, ...Address[]],
  port: number,
  mayReset: boolean,
): StreamSocket {
  const socket = connect({
    // A name, so that Node asks for the addresses and tries one after the other.
    host: 'resolved',
    port,
    lookup: answering(addresses),
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: KEEP_ALIVE_MILLIS,
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: ADDRESS_ATTEMPT_MILLIS,
  });
  return { socket, readyEvent: 'connect', abort: () => giveUp(socket, mayReset) };
}

export function openTls(
  addresses: readonly [Address, ...Address[]],
  { host, port }: { readonly host: string; readonly port: number },
  mayReset: boolean,
  options: ConnectionOptions,
): StreamSocket {
  const { socket: raw } = openTcp(addresses, port, mayReset);
  // The TLS socket says what happens to the one below it; without a listener that would say it, too, and crash.
  raw.on('error', () => {});
  raw.unref();
  const socket = overTls(raw, {
    // An address can not be named in SNI (RFC 6066 section 3).
    ...(isIP(host) === 0 ? { servername: host } : {}),
    host,
    ...options,
  });
  return {
    socket,
    readyEvent: 'secureConnect',
    abort: () => {
      giveUp(raw, mayReset);
      socket.destroy();
    },
  };
}

export function openUnix(path: string): StreamSocket {
  const socket = connect({ path });
  // There is no reset on unix sockets.
  return { socket, readyEvent: 'connect', abort: () => socket.destroy() };
}

/** Throws when the options are no good, a key that can not be read for example. */
function overTls(raw: Socket, options: ConnectionOptions): Socket {
  try {
    return connectTls({ ...options, socket: raw });
  } catch (error) {
    raw.destroy();
    throw error;
  }
}

/** A reset on a socket that is still connecting would wait for the connection. */
function giveUp(socket: Socket, mayReset: boolean): void {
  if (!mayReset || socket.connecting || socket.destroyed) socket.destroy();
  else socket.resetAndDestroy();
}

function answering(addresses: readonly [Address, ...Address[]]): LookupFunction {
  return (_host, { all }, callback) => {
    if (all) callback(null, [...addresses]);
    else callback(null, addresses[0].address, addresses[0].family);
  };
}
