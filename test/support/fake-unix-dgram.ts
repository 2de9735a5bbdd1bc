// What the native package unix-dgram does, without it: sockets that are connected to a path, errors with
// negative numbers, and a receiver whose queue can be full.
import { EventEmitter } from 'node:events';
import { constants } from 'node:os';
import type { UnixDatagramModule, UnixDatagramSocket } from '../../src/transport/datagram/load-unix-dgram.js';

export class FakeReceiver {
  readonly datagrams: string[] = [];
  isOpen = true;
  /** How many unread datagrams fit; net.unix.max_dgram_qlen is 10 by default. */
  capacity = 10;
  maxBytes = 200_000;
  readonly #senders = new Set<FakeSocket>();
  #queue: string[] = [];
  #isPaused = false;

  connect(socket: FakeSocket): void {
    this.#senders.add(socket);
  }

  /** True when there was room. */
  take(payload: Uint8Array): boolean {
    if (this.#queue.length >= this.capacity) return false;
    this.#queue.push(Buffer.from(payload).toString());
    setImmediate(() => this.#read());
    return true;
  }

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    this.#read();
  }

  #read(): void {
    if (this.#isPaused || this.#queue.length === 0) return;
    this.datagrams.push(...this.#queue);
    this.#queue = [];
    for (const socket of this.#senders) if (!socket.isClosed) socket.emit('writable');
  }
}

class FakeSocket extends EventEmitter implements UnixDatagramSocket {
  isClosed = false;
  #receiver: FakeReceiver | undefined;
  readonly #paths: ReadonlyMap<string, FakeReceiver>;

  constructor(paths: ReadonlyMap<string, FakeReceiver>) {
    super();
    this.#paths = paths;
  }

  connect(path: string): void {
    const receiver = this.#paths.get(path);
    if (receiver === undefined) return void this.emit('error', errno('ENOENT'));
    if (!receiver.isOpen) return void this.emit('error', errno('ECONNREFUSED'));
    this.#receiver = receiver;
    receiver.connect(this);
    this.emit('connect');
  }

  send(payload: Uint8Array, callback: (error?: Error) => void): void {
    if (this.isClosed) throw new Error('the socket is closed');
    if (this.#receiver?.isOpen !== true) return callback(errno('ECONNREFUSED'));
    if (payload.length > this.#receiver.maxBytes) return callback(errno('EMSGSIZE'));
    if (this.#receiver.take(payload)) callback();
    else callback(Object.assign(new Error('congestion'), { code: 1 }));
  }

  close(): void {
    if (this.isClosed) throw new Error('the socket is closed already');
    this.isClosed = true;
  }
}

export class FakeUnixDgram implements UnixDatagramModule {
  readonly paths = new Map<string, FakeReceiver>();
  readonly sockets: FakeSocket[] = [];

  /** A receiver listens at the path; one that did before is gone. */
  bind(path: string): FakeReceiver {
    const receiver = new FakeReceiver();
    this.paths.set(path, receiver);
    return receiver;
  }

  readonly createSocket = (): UnixDatagramSocket => {
    const socket = new FakeSocket(this.paths);
    this.sockets.push(socket);
    return socket;
  };

  readonly load = (): Promise<UnixDatagramModule> => Promise.resolve(this);
}

function errno(name: 'ENOENT' | 'ECONNREFUSED' | 'EMSGSIZE'): Error {
  const code = -constants.errno[name];
  return Object.assign(new Error(`send ${code}`), { errno: code, code, syscall: 'send' });
}
