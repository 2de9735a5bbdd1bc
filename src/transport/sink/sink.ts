import type { Chunk } from '../packing/chunk.js';
import type { LineDropReason } from '../transport.js';

/** The result of writing a chunk to a sink. */
export type SinkResult =
  | { readonly kind: 'written' }
  /** None of it was taken. */
  | { readonly kind: 'not-written'; readonly cause: string }
  /** Some of it may have been taken. */
  | { readonly kind: 'unknown'; readonly cause: string };

export const WRITTEN: SinkResult = { kind: 'written' };

/** A stream or function of the application. */
export interface Sink {
  /** Set when nothing will be taken any more. */
  readonly permanentFailure: LineDropReason | undefined;
  /** False when nothing reads the bytes of a chunk after it was written, so that their memory can be used again. */
  readonly keepsBytes: boolean;
  /** Never rejects; may never resolve. */
  write(chunk: Chunk): Promise<SinkResult>;
  /** Stops listening; the last write may still be under way. */
  close(): void;
}
