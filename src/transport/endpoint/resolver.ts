// Name look-up with a deadline: getaddrinfo can neither be cancelled nor trusted to answer, and each call
// occupies a thread of the pool. So one look-up at a time, and its last answer is kept.

import { isIP, type LookupFunction } from 'node:net';
import type { Clock } from '../../runtime/clock.js';

export interface Address {
  readonly address: string;
  readonly family: 4 | 6;
}

/** A look-up without an answer for this long has been forgotten by whoever had it; another may be tried. */
const FORGOTTEN_MILLIS = 60_000;

export interface ResolverOptions {
  readonly host: string;
  readonly lookup: LookupFunction;
  readonly timeoutMillis: number;
  readonly clock: Clock;
  readonly random: () => number;
  /** A look-up failed, or did not answer in time. */
  readonly onFailure: () => void;
  /** The address in use is not among the name's addresses any more. */
  readonly onChange: () => void;
}

export class Resolver {
  readonly #options: ResolverOptions;
  #known: readonly Address[] = [];
  /** The address that worked last, for as long as it is among the answers. */
  #inUse: string | undefined;
  /** The same, unless it has failed since. */
  #preferred: string | undefined;
  #lookup: { readonly answer: Promise<readonly Address[]>; readonly startedAt: number } | undefined;

  constructor(options: ResolverOptions) {
    this.#options = options;
    const family = isIP(options.host);
    if (family !== 0) this.#known = [{ address: options.host, family: family === 6 ? 6 : 4 }];
  }

  /** True when the host is an address, which need not be looked up. */
  get isLiteral(): boolean {
    return isIP(this.#options.host) !== 0;
  }

  /**
   * The addresses to try, best first: the one that worked last, else IPv4, where StatsD servers listen unless
   * told otherwise, in an order that differs between clients. When the look-up fails, those known from before;
   * rejects with a code when there are none.
   */
  async resolve(): Promise<readonly [Address, ...Address[]]> {
    if (!this.isLiteral) await this.#refresh();
    const [first, ...others] = this.#inOrder();
    if (first === undefined) throw withCode('ENOTFOUND', `no address for ${this.#options.host}`);
    return [first, ...others];
  }

  markReachable(address: string): void {
    this.#inUse = address;
    this.#preferred = address;
  }

  /** Whatever is asked for next should begin with another address, if there is one. */
  markFailed(address: string): void {
    if (this.#preferred === address) this.#preferred = undefined;
    const at = this.#known.findIndex((known) => known.address === address);
    if (at >= 0) this.#known = [...this.#known.slice(at + 1), ...this.#known.slice(0, at + 1)];
  }

  async #refresh(): Promise<void> {
    try {
      const found = await withDeadline(this.#look(), this.#options);
      const isGone = (old: string): boolean => found.every(({ address }) => address !== old);
      if (this.#inUse !== undefined && isGone(this.#inUse)) {
        this.#inUse = undefined;
        this.#preferred = undefined;
        this.#options.onChange();
      }
      const isSame =
        found.length === this.#known.length && this.#known.every(({ address }) => !isGone(address));
      if (!isSame) this.#known = this.#shuffled(found);
    } catch (error) {
      this.#options.onFailure();
      // An address that worked is better than none.
      if (this.#known.length === 0) throw error;
    }
  }

  #look(): Promise<readonly Address[]> {
    const { host, lookup, clock } = this.#options;
    if (this.#lookup !== undefined && clock.now() - this.#lookup.startedAt < FORGOTTEN_MILLIS) {
      return this.#lookup.answer;
    }
    const answer = lookUp(host, lookup);
    const current = { answer, startedAt: clock.now() };
    this.#lookup = current;
    const done = (): void => {
      if (this.#lookup === current) this.#lookup = undefined;
    };
    answer.then(done, done);
    return answer;
  }

  /** Begins at a random one and puts IPv4 first. */
  #shuffled(addresses: readonly Address[]): readonly Address[] {
    const start = Math.floor(this.#options.random() * addresses.length) % addresses.length;
    const rotated = [...addresses.slice(start), ...addresses.slice(0, start)];
    return [...rotated.filter(({ family }) => family === 4), ...rotated.filter(({ family }) => family === 6)];
  }

  #inOrder(): readonly Address[] {
    const isPreferred = ({ address }: Address): boolean => address === this.#preferred;
    return [...this.#known.filter(isPreferred), ...this.#known.filter((each) => !isPreferred(each))];
  }
}

/** Calls any look-up function, whatever it does. Rejects when it answers no address. */
function lookUp(host: string, lookup: LookupFunction): Promise<readonly Address[]> {
  return new Promise((resolve, reject) => {
    const fail = (error: unknown): void =>
      reject(error instanceof Error ? error : withCode('ENOTFOUND', `look-up of ${host} failed`));
    try {
      lookup(host, { all: true }, (error, found) => {
        const texts = Array.isArray(found) ? found.map(({ address }) => address) : [found];
        const addresses = [...new Set(texts)].flatMap(asAddress);
        if (error || addresses.length === 0) fail(error);
        else resolve(host === 'localhost' ? withBothLoopbacks(addresses) : addresses);
      });
    } catch (error) {
      fail(error);
    }
  });
}

function asAddress(text: unknown): Address[] {
  const family = typeof text === 'string' ? isIP(text) : 0;
  return typeof text !== 'string' || family === 0 ? [] : [{ address: text, family: family === 6 ? 6 : 4 }];
}

/** Which of the two a server listens on is not for a hosts file to say. */
function withBothLoopbacks(addresses: readonly Address[]): readonly Address[] {
  const loopbacks = ['127.0.0.1', '::1'].flatMap(asAddress);
  const missing = loopbacks.filter(({ address }) => addresses.every((other) => other.address !== address));
  return [...addresses, ...missing];
}

function withDeadline<T>(
  answer: Promise<T>,
  { host, timeoutMillis, clock }: Pick<ResolverOptions, 'host' | 'timeoutMillis' | 'clock'>,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = clock.after(timeoutMillis, () =>
      reject(withCode('ETIMEDOUT', `look-up of ${host} timed out`)),
    );
    answer.then(resolve, reject).finally(() => timer.cancel());
  });
}

function withCode(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}

/** The code of a system error, for counters and messages. */
export function errorCode(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
