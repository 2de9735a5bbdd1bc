// A worker's connection to the aggregator: whole messages in both directions, in order while it is open.

/** Events of a channel. */
export interface ChannelEvents {
  /** The channel is open: messages can be sent. */
  onOpen(): void;
  onMessage(message: unknown): void;
  /** The channel is closed. Messages without an answer may or may not have arrived. `isPermanent`: it never reopens. */
  onClose(isPermanent: boolean): void;
}

export interface Channel {
  /**
   * Never throws. `onWritten` is called when the message has left this process, or cannot leave it. Until then send
   * nothing else: it would accumulate in memory.
   */
  send(message: object, onWritten: () => void): void;
  /** Removes listeners and closes connections. No event follows. */
  close(): void;
}

/** Starts to open a channel. Events come later, never before this returns. */
export type OpenChannel = (events: ChannelEvents) => Channel;
