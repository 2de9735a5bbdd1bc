/** Something that reads bytes of any origin. */
export interface Target {
  /** Inputs to start from; also those that found a fault once. */
  readonly corpus: readonly (string | Buffer)[];
  /** Texts that mean something to the reader; mutations insert them. */
  readonly tokens: readonly string[];
  /** Throws when the reader breaks a promise. */
  readonly run: (input: Buffer) => void;
}

/** The parts of an input between these places, which the first bytes choose: what a reader gets one after the other. */
export function pieces(input: Buffer): Buffer[] {
  const found: Buffer[] = [];
  let start = 0;
  for (let place = 0; start < input.length; place += 1) {
    const end = start + 1 + ((input[place % 8] ?? 0) % 7);
    found.push(input.subarray(start, end));
    start = end;
  }
  return found;
}
