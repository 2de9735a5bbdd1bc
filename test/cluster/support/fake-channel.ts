// The worker's end of a channel; the test is the other end.
import type { Channel, ChannelEvents, OpenChannel } from '../../../src/cluster/channel/channel.js';
import { envelope, readWorkerMessage } from '../../../src/cluster/protocol/messages.js';

export class FakeChannel {
  /** Everything sent and not taken yet, in the form in which it arrives. */
  sent: object[] = [];
  isClosed = false;
  /** False: messages stay in this process, as when the pipe is not read. */
  isRead = true;
  readonly open: OpenChannel = (events) => {
    this.#events = events;
    return this.#channel;
  };
  #events: ChannelEvents | undefined;
  #unwritten: (() => void)[] = [];
  readonly #channel: Channel = {
    send: (message, onWritten) => {
      this.sent.push(JSON.parse(JSON.stringify(message)));
      if (this.isRead) onWritten();
      else this.#unwritten.push(onWritten);
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
    for (const onWritten of this.#unwritten.splice(0)) onWritten();
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

  receive(message: object): void {
    this.#events!.onMessage(envelope(message));
  }

  /** The channel opens and an aggregator answers. */
  welcome(aggregator = 'a'): void {
    this.events.onOpen();
    this.receive({ kind: 'welcome', to: '*', aggregator });
  }
}
