// The socket of a stream connection, which does as a test says and keeps what was asked of it.
import { EventEmitter } from 'node:events';

export class FakeStreamSocket extends EventEmitter {
  connecting = false;
  destroyed = false;
  closed = false;
  errored: Error | null = null;
  readonly calls: string[] = [];
  /** Of the writes that have one. */
  readonly callbacks: (() => void)[] = [];

  write(bytes: Uint8Array, callback?: () => void): void {
    this.calls.push(`write ${Buffer.from(bytes)}`);
    if (callback !== undefined) this.callbacks.push(callback);
  }

  cork = (): void => this.#called('cork');
  uncork = (): void => this.#called('uncork');
  unref = (): void => this.#called('unref');
  end = (): void => this.#called('end');
  destroySoon = (): void => this.#called('destroySoon');
  resetAndDestroy = (): void => this.#called('resetAndDestroy');

  destroy(): void {
    this.#called('destroy');
    this.destroyed = true;
  }

  #called(name: string): void {
    this.calls.push(name);
  }
}
