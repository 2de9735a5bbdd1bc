// Where lines go. A "group" is one or more whole lines, each ended by a newline, that the server must get together
// and in this order.

/**
 * `additive`: counters and samples, which a server adds up, so that repeating one counts it twice.
 * `idempotent`: absolute gauges and stamped lines, which may be repeated safely.
 */
export type LineKind = 'additive' | 'idempotent';

/** Takes groups of lines. */
export interface LineSink {
  /** `lines` is how many lines the text holds. */
  write(text: string, lines: number, kind: LineKind): void;
  /** The buffer for whole lines of a kind, as bytes. A sink without this method takes text alone. */
  bytes?(kind: LineKind): LineBuffer;
}

/** The memory of a sink, in which a line is written in place. */
export interface LineBuffer {
  /** Two views of the same memory, which `reserve` may replace. */
  readonly bytes: Uint8Array;
  readonly view: DataView;
  /** Where the next line begins. */
  readonly position: number;
  /** After the call, this many bytes may be written from `position` on, and up to 8 more beyond the end of the line. */
  reserve(bytes: number): void;
  /** The bytes from `position` to `end` are a line. */
  commit(end: number): void;
}
