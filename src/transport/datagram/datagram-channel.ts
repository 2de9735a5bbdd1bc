/** Sends payloads to one receiver of datagrams. */
export interface DatagramChannel {
  /**
   * True when a send waits until the receiver has room. Otherwise the sender must pace itself, and may send several
   * payloads at once.
   */
  readonly hasBackpressure: boolean;
  /** A refusal may arrive this long after the payload was sent. */
  readonly refusalDelayMillis: number;
  /** Opens or renews what is needed to send. Rejects with a code. */
  open(): Promise<void>;
  /**
   * For each payload undefined when the operating system took it, else the code of the error. Returns fewer results than
   * payloads if sending stopped early: later payloads must not overtake one that will be retried. Never rejects.
   */
  send(payloads: readonly Uint8Array[]): Promise<readonly (string | undefined)[]>;
  /** There is nothing to send for now: closes whatever would keep the process alive. */
  idle(): void;
  /** How long to wait after that many failures in a row, of which this was the last. */
  backoffMillis(failures: number, cause: string): number;
  /** Closes permanently; sends under way end. */
  close(): void;
}

/** `onRefused` is called when a datagram reached its host, but no process listens on the port. */
export type CreateChannel = (onRefused: () => void) => DatagramChannel;
