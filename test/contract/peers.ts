// Everything that lines can be delivered to, each with a way to see what arrived and to make it misbehave.
import { Writable } from 'node:stream';
import type { TransportOptions } from '../../src/transport/options.js';
import { FakeUnixDgram } from '../support/fake-unix-dgram.js';
import { linesIn, type Packing } from '../support/lines.js';
import {
  type ConnectionHandler,
  certificate,
  type RestartableServer,
  startTcpServer,
  startTlsServer,
  startUnixServer,
} from '../support/receivers/stream-server.js';
import { startUdpServer } from '../support/receivers/udp-server.js';
import type { TransportSettings } from '../support/transports.js';

export interface Peer {
  readonly settings: TransportSettings;
  /** Resolves with all lines that arrived, once they are that many; `(cut)` marks what is no whole line. */
  got(count: number): Promise<string[]>;
  /** From now on nothing can be delivered. */
  goAway(): Promise<void>;
  comeBack(): Promise<void>;
  /** From now on it takes no more than buffers on the way can hold. */
  stall(): void;
}

export interface PeerKind {
  readonly name: string;
  /** Where delivered lines are counted. */
  readonly delivered: 'confirmedLines' | 'writtenLines';
  readonly packing: Packing;
  /** Lines may count as written although no server received them. */
  readonly isBlind: boolean;
  /** The end of an outage is reported with the first delivery, not only after a proving time. */
  readonly provesAtOnce: boolean;
  start(): Promise<Peer>;
}

type Server = RestartableServer & ({ readonly port: number } | { readonly path: string });

interface StreamKind {
  readonly start: (onConnection?: ConnectionHandler) => Promise<Server>;
  readonly settings: (server: Server) => Pick<TransportOptions, 'destination'> & Partial<TransportOptions>;
}

const at = (server: Server): { host: string; port: number } => ({
  host: '127.0.0.1',
  port: 'port' in server ? server.port : 0,
});
const pathOf = (server: Server): string => ('path' in server ? server.path : '');

const tcp: StreamKind = {
  start: startTcpServer,
  settings: (server) => ({ destination: { protocol: 'tcp', ...at(server) } }),
};
const tls: StreamKind = {
  start: startTlsServer,
  settings: (server) => ({ destination: { protocol: 'tls', ...at(server) }, tls: { ca: certificate } }),
};
const unix: StreamKind = {
  start: startUnixServer,
  settings: (server) => ({ destination: { protocol: 'unix', path: pathOf(server) } }),
};

function streamKind(
  name: string,
  { start, settings }: StreamKind,
  {
    delivery = 'confirmed',
    framing = 'newline',
  }: Partial<Pick<TransportOptions, 'delivery' | 'framing'>> = {},
): PeerKind {
  return {
    name,
    delivered: delivery === 'confirmed' ? 'confirmedLines' : 'writtenLines',
    packing: framing === 'newline' ? {} : { maxPayloadBytes: 8_192 },
    isBlind: false,
    provesAtOnce: delivery === 'confirmed',
    start: async () => {
      let isStalled = false;
      const server = await start((socket) => {
        if (isStalled) socket.pause();
        else if (framing === 'newline') server.read(socket);
        else server.readFrames(socket);
      });
      return {
        settings: { ...settings(server), delivery, framing },
        got: async (count) => {
          await server.gotLines(count);
          return [...server.lines, ...server.cutLines.map((line) => `${line} (cut)`)];
        },
        goAway: () => server.stop(),
        comeBack: () => server.restart(),
        stall: () => {
          isStalled = true;
        },
      };
    },
  };
}

const udp: PeerKind = {
  name: 'udp',
  delivered: 'writtenLines',
  packing: { maxPayloadBytes: 1_432 },
  isBlind: true,
  provesAtOnce: true,
  start: async () => {
    let server = await startUdpServer();
    const { port } = server;
    const earlier: string[] = [];
    return {
      settings: { destination: { protocol: 'udp', host: '127.0.0.1', port } },
      got: async (count) => {
        await server.gotLines(count - earlier.length);
        return [...earlier, ...linesIn(server.datagrams.join(''))];
      },
      goAway: async () => {
        earlier.push(...linesIn(server.datagrams.join('')));
        await server.stop();
      },
      comeBack: async () => {
        server = await startUdpServer(port);
      },
      // A receiver that does not read is just one more way to lose datagrams.
      stall: () => {},
    };
  },
};

const unixgram: PeerKind = {
  name: 'unixgram',
  delivered: 'writtenLines',
  packing: { maxPayloadBytes: 8_192 },
  isBlind: false,
  provesAtOnce: true,
  start: async () => {
    const path = '/run/statsd.sock';
    const unixDgram = new FakeUnixDgram();
    let receiver = unixDgram.bind(path);
    const earlier: string[] = [];
    return {
      settings: { destination: { protocol: 'unixgram', path }, loadUnixDgram: unixDgram.load },
      got: async (count) => {
        for (;;) {
          const lines = [...earlier, ...linesIn(receiver.datagrams.join(''))];
          if (lines.length >= count) return lines;
          await new Promise((resolve) => setImmediate(resolve));
        }
      },
      goAway: async () => {
        receiver.isOpen = false;
      },
      comeBack: async () => {
        earlier.push(...linesIn(receiver.datagrams.join('')));
        receiver = unixDgram.bind(path);
      },
      stall: () => receiver.pause(),
    };
  },
};

const writable: PeerKind = {
  name: 'a Writable',
  delivered: 'writtenLines',
  packing: {},
  isBlind: false,
  provesAtOnce: true,
  start: async () => {
    let text = '';
    let isTaking = true;
    let takePending = (): void => {};
    const stream = new Writable({
      write: (bytes: Buffer, _encoding, callback) => {
        takePending = () => {
          takePending = () => {};
          text += bytes.toString();
          callback();
        };
        if (isTaking) takePending();
      },
    });
    const stall = (): void => {
      isTaking = false;
    };
    return {
      // A Writable that fails is dead for good; one can only be kept waiting.
      settings: { destination: { protocol: 'stream', stream }, stallTimeoutMillis: 10 },
      got: async (count) => {
        while (linesIn(text).length < count) await new Promise((resolve) => setImmediate(resolve));
        return linesIn(text);
      },
      goAway: async () => stall(),
      comeBack: async () => {
        isTaking = true;
        takePending();
      },
      stall,
    };
  },
};

const linesFunction: PeerKind = {
  name: 'a lines function',
  delivered: 'writtenLines',
  packing: {},
  isBlind: false,
  provesAtOnce: true,
  start: async () => {
    const taken: string[] = [];
    let mode: 'taking' | 'throwing' | 'stalled' = 'taking';
    const sink = (lines: string[]): void | Promise<void> => {
      if (mode === 'throwing') throw new Error('not now');
      if (mode === 'stalled') return new Promise(() => {});
      taken.push(...lines);
    };
    return {
      settings: { destination: { protocol: 'lines', sink } },
      got: async (count) => {
        while (taken.length < count) await new Promise((resolve) => setImmediate(resolve));
        return taken;
      },
      goAway: async () => {
        mode = 'throwing';
      },
      comeBack: async () => {
        mode = 'taking';
      },
      stall: () => {
        mode = 'stalled';
      },
    };
  },
};

const persistent = { delivery: 'persistent' } as const;
const lengthPrefixed = { framing: 'length-prefixed' } as const;

export const peerKinds: readonly PeerKind[] = [
  udp,
  unixgram,
  streamKind('tcp', tcp),
  streamKind('tls', tls),
  streamKind('unix', unix),
  streamKind('unix, length-prefixed', unix, lengthPrefixed),
  streamKind('tcp, persistent', tcp, persistent),
  streamKind('tls, persistent', tls, persistent),
  streamKind('unix, persistent', unix, persistent),
  streamKind('unix, length-prefixed and persistent', unix, { ...persistent, ...lengthPrefixed }),
  writable,
  linesFunction,
];
