// Where lines end when nothing but their making is to be measured.
import { Writable } from 'node:stream';

export class NullSink extends Writable {
  bytes = 0;
  /** Set to an empty list to keep everything, for a look at it. */
  kept = undefined;

  constructor() {
    super({ decodeStrings: true });
  }

  _write(chunk, _encoding, callback) {
    this.bytes += chunk.length;
    this.kept?.push(Buffer.from(chunk));
    callback();
  }
}
