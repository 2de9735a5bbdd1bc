/** A way for payloads to one receiver of datagrams. */
export interface DatagramChannel {
  /**
   * True when a send waits until the receiver has room. Otherwise the sender must pace itself, and may send
   * several payloads at once.
   */
  readonly hasBackpressure: boolean;
  /** A refusal may arrive this long after the payload was sent. */
  readonly refusalDelayMillis: number;
  /** Makes it ready to send, by opening or renewing what is needed. Rejects with a code. */
  open(): Promise<void>;
  /**
   * For each payload undefined when the operating system took it, else the code of what kept it from doing so; less
   * answers than payloads when the others were not tried, for none may overtake one that is to be sent again. Never
   * rejects.
   */
  send(payloads: readonly Uint8Array[]): Promise<readonly (string | undefined)[]>;
  /** There is nothing to send for now: whatever would keep the process alive must go. */
  idle(): void;
  /** How long to wait after so many failures in a row, of which this was the last. */
  backoffMillis(failures: number, cause: string): number;
  /** For good; sends that are under way end. */
  close(): void;
}

/** `onRefused` hears that a datagram reached its host, but nobody listens there. */
export type CreateChannel = (onRefused: () => void) => DatagramChannel;
