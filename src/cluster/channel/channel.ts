// A worker's way to the aggregator: whole messages in both directions, in order while it is open.

/** What a channel tells its owner. */
export interface ChannelEvents {
  /** Messages can be sent from now on. */
  onOpen(): void;
  onMessage(message: unknown): void;
  /** What was sent and not answered may or may not have arrived. `forGood`: it will not open again. */
  onClose(forGood: boolean): void;
}

export interface Channel {
  /**
   * Never throws. `written` is called once the message has left this process, or never can: until then nothing
   * else ought to be sent, for it would pile up in memory.
   */
  send(message: object, written: () => void): void;
  /** Gives up listeners and connections. No event comes afterwards. */
  close(): void;
}

/** Begins to open one; events come later, never before this returns. */
export type OpenChannel = (events: ChannelEvents) => Channel;
