import type { Random } from '../support/metrics/random-values.js';

/** No input grows beyond this; limits of readers that matter are lowered below it. */
const MAX_BYTES = 8_192;

/** One to eight small changes of an input. */
export function mutate(
  input: Buffer,
  others: readonly Buffer[],
  tokens: readonly string[],
  random: Random,
): Buffer {
  const below = (limit: number): number => Math.min(limit - 1, Math.floor(random() * limit));
  const pick = <T>(list: readonly T[]): T => list[below(list.length)]!;
  let bytes = Buffer.from(input);
  const splice = (at: number, removed: number, inserted: Uint8Array): void => {
    bytes = Buffer.concat([bytes.subarray(0, at), inserted, bytes.subarray(at + removed)]).subarray(
      0,
      MAX_BYTES,
    );
  };
  const changes: readonly (() => void)[] = [
    () => splice(below(bytes.length + 1), 0, Buffer.from(pick(tokens))),
    () => splice(below(bytes.length + 1), below(8), Buffer.from(pick(tokens))),
    () => splice(below(bytes.length + 1), below(16), Buffer.alloc(0)),
    () => splice(below(bytes.length + 1), below(2), Buffer.of(below(256))),
    () => splice(below(bytes.length + 1), 1, Buffer.from(String(below(10)))),
    () => {
      const start = below(bytes.length + 1);
      splice(below(bytes.length + 1), 0, bytes.subarray(start, start + below(64)));
    },
    () => {
      const other = pick(others);
      splice(below(bytes.length + 1), bytes.length, other.subarray(below(other.length + 1)));
    },
  ];
  for (let left = 1 + below(8); left > 0; left -= 1) pick(changes)();
  return bytes;
}
