// The worker's end of a channel whose other end is the test.
import type { Channel, ChannelEvents, OpenChannel } from '../../../src/cluster/channel/channel.js';
import { envelope, readWorkerMessage } from '../../../src/cluster/protocol/messages.js';

export class FakeChannel {
  /** Everything sent that was not taken yet, as it would arrive. */
  sent: object[] = [];
  isClosed = false;
  /** False: messages stay in this process, as when nobody reads the pipe. */
  isRead = true;
  readonly open: OpenChannel = (events) => {
    this.#events = events;
    return this.#channel;
  };
  #events: ChannelEvents | undefined;
  #unwritten: (() => void)[] = [];
  readonly #channel: Channel = {
    send: (message, written) => {
      this.sent.push(JSON.parse(JSON.stringify(message)));
      if (this.isRead) written();
      else this.#unwritten.push(written);
    },
    close: () => {
      this.isClosed = true;
    },
  };

  get events(): ChannelEvents {
    return this.#events!;
  }

  /** The reader reads again. */
  read(): void {
    this.isRead = true;
    for (const written of this.#unwritten.splice(0)) written();
  }

  take(): object[] {
    return this.sent.splice(0);
  }

  /** The kinds of what was sent, batches with their numbers. */
  takeKinds(): string[] {
    return this.take().map((message) => {
      const read = readWorkerMessage(message);
      if (typeof read === 'string') return read;
      return read.kind === 'batch' ? `batch ${read.sequence}` : read.kind;
    });
  }

  hear(message: object): void {
    this.#events!.onMessage(envelope(message));
  }

  /** The channel opens and somebody answers. */
  welcome(aggregator = 'a'): void {
    this.events.onOpen();
    this.hear({ kind: 'here', to: '*', aggregator });
  }
}
