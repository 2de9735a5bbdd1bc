// Opens the sockets of stream connections; hides the differences between tcp, tls and unix.

import type { LookupFunction, Socket } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import { ipVersion } from '../../runtime/ip-version.js';
import type { Address } from '../endpoint/resolver.js';
import type { AbortMethod } from '../options.js';

export interface StreamSocket {
  readonly socket: Socket;
  /** The event after which lines can be sent. */
  readonly readyEvent: 'connect' | 'secureConnect';
  /** The socket that is aborted: the one below TLS. */
  readonly transportSocket: Socket;
}

/** How long one of several addresses may take before the next is tried; Node's 250 ms aborts slow good ones. */
const ADDRESS_ATTEMPT_MILLIS = 1_000;

/** With keep-alive a vanished server is noticed within some 20 s, as long as nothing is being sent. */
const KEEP_ALIVE_MILLIS = 10_000;

export function openTcp(addresses: readonly [Address, ...Address[]], port: number): StreamSocket {
  const socket = process.getBuiltinModule('node:net').connect({
    // A name, so that Node asks for the addresses and tries one after the other.
    host: 'resolved',
    port,
    lookup: fixedLookup(addresses),
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: KEEP_ALIVE_MILLIS,
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: ADDRESS_ATTEMPT_MILLIS,
  });
  return { socket, readyEvent: 'connect', transportSocket: socket };
}

export function openTls(
  addresses: readonly [Address, ...Address[]],
  { host, port }: { readonly host: string; readonly port: number },
  options: ConnectionOptions,
): StreamSocket {
  const { socket: raw } = openTcp(addresses, port);
  // The TLS socket reports the errors of the one below, whose own 'error' event would crash without a listener.
  raw.on('error', () => {});
  raw.unref();
  const socket = overTls(raw, {
    // SNI does not permit addresses (RFC 6066 section 3).
    ...(ipVersion(host) === 0 ? { servername: host } : {}),
    host,
    ...options,
  });
  return { socket, readyEvent: 'secureConnect', transportSocket: raw };
}

export function openUnix(path: string): StreamSocket {
  const socket = process.getBuiltinModule('node:net').connect({ path });
  return { socket, readyEvent: 'connect', transportSocket: socket };
}

/** Aborts a connection. There is no RST on unix sockets, and on a connecting socket it would wait for the connection. */
export function abortSocket({ socket, transportSocket }: StreamSocket, abortWith: AbortMethod): void {
  const canReset = !transportSocket.connecting && !transportSocket.destroyed;
  if (abortWith === 'rst' && canReset) transportSocket.resetAndDestroy();
  else transportSocket.destroy();
  if (socket !== transportSocket) socket.destroy();
}

/** Throws for options that are not usable, for example a key that cannot be read. */
function overTls(raw: Socket, options: ConnectionOptions): Socket {
  try {
    return process.getBuiltinModule('node:tls').connect({ ...options, socket: raw });
  } catch (error) {
    raw.destroy();
    throw error;
  }
}

function fixedLookup(addresses: readonly [Address, ...Address[]]): LookupFunction {
  return (_host, { all }, callback) => {
    if (all) callback(null, [...addresses]);
    else callback(null, addresses[0].address, addresses[0].family);
  };
}
