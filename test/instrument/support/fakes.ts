// Instruments that keep what is recorded, as in tests of an app.
import type { Attributes } from '@opentelemetry/api';

type Call = readonly [value: number, attributes: Attributes | undefined];

export class FakeHistogram {
  readonly recorded: Call[] = [];

  record(value: number, attributes?: Attributes): void {
    this.recorded.push([value, attributes]);
  }
}

export class FakeCounter {
  readonly added: Call[] = [];

  add(value: number, attributes?: Attributes): void {
    this.added.push([value, attributes]);
  }

  get values(): number[] {
    return this.added.map(([value]) => value);
  }
}

/** A clock that each reading moves on, so that everything takes `step`. */
export function steppingClock(step: number): () => number {
  let millis = 0;
  return () => {
    millis += step;
    return millis;
  };
}

export interface Deferred<T> {
  readonly promise: Promise<T>;
  resolve(value: T): void;
  reject(error: unknown): void;
}

export function deferred<T>(): Deferred<T> {
  let settle: Pick<Deferred<T>, 'resolve' | 'reject'> | undefined;
  const promise = new Promise<T>((resolve, reject) => {
    settle = { resolve, reject };
  });
  return { promise, ...settle! };
}
