// Name lookup with a deadline. getaddrinfo cannot be cancelled, may never answer, and occupies a thread of the pool
// for each call. So there is one lookup at a time, and its last answer is kept.

import type { LookupFunction } from 'node:net';
import type { Clock } from '../../runtime/clock.js';
import { errorWithCode } from '../../runtime/error-code.js';
import { ipVersion } from '../../runtime/ip-version.js';
import type { TransportOptions } from '../options.js';
import type { Ledger } from '../queue/delivery-ledger.js';
import type { HostEndpoint } from './endpoint.js';

export interface Address {
  readonly address: string;
  readonly family: 4 | 6;
}

/** After this long without an answer a lookup is considered lost and a second one may start. */
const LOST_LOOKUP_MILLIS = 60_000;

export interface ResolverOptions {
  readonly host: string;
  readonly lookup: LookupFunction;
  readonly timeoutMillis: number;
  readonly clock: Clock;
  readonly random: () => number;
  /** A lookup failed, or did not answer in time. */
  readonly onFailure: () => void;
  /** The address in use is no longer among the name's addresses. */
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
  }

  /** The resolver of an endpoint's host, which counts in the transport's ledger. */
  static for(
    { host }: HostEndpoint,
    ledger: Ledger,
    { lookup, connectTimeoutMillis, clock, random }: TransportOptions,
  ): Resolver {
    return new Resolver({
      host,
      lookup,
      timeoutMillis: connectTimeoutMillis,
      clock,
      random,
      onFailure: () => {
        ledger.dnsFailures += 1;
      },
      onChange: () => {
        ledger.dnsChanges += 1;
      },
    });
  }

  /** True when the host is an address, which needs no lookup. */
  get isLiteral(): boolean {
    return ipVersion(this.#options.host) !== 0;
  }

  /**
   * The addresses to try, best first: the one that worked last, else IPv4 before IPv6, because StatsD servers listen
   * there by default, in an order that differs between clients. When the lookup fails, the addresses known from
   * before; rejects with a code when there are none.
   */
  async resolve(): Promise<readonly [Address, ...Address[]]> {
    if (this.isLiteral) this.#known = asAddress(this.#options.host);
    else await this.#refresh();
    const [first, ...others] = this.#inOrder();
    if (first === undefined) throw errorWithCode('ENOTFOUND', `no address for ${this.#options.host}`);
    return [first, ...others];
  }

  markReachable(address: string): void {
    this.#inUse = address;
    this.#preferred = address;
  }

  /** The next `resolve()` begins with another address, if there is one. */
  markFailed(address: string): void {
    if (this.#preferred === address) this.#preferred = undefined;
    const at = this.#known.findIndex((known) => known.address === address);
    if (at >= 0) this.#known = [...this.#known.slice(at + 1), ...this.#known.slice(0, at + 1)];
  }

  async #refresh(): Promise<void> {
    try {
      const found = await withTimeout(this.#sharedLookup(), this.#options);
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
      // An address that worked before is better than none.
      if (this.#known.length === 0) throw error;
    }
  }

  /** The lookup under way, or a new one when there is none or it is lost. */
  #sharedLookup(): Promise<readonly Address[]> {
    const { host, lookup, clock } = this.#options;
    if (this.#lookup !== undefined && clock.now() - this.#lookup.startedAt < LOST_LOOKUP_MILLIS) {
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

  /** Rotated by a random amount, IPv4 first. */
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

/** Node's own, which is loaded when the first name is looked up. */
export const systemLookup: LookupFunction = (host, options, callback) =>
  process.getBuiltinModule('node:dns').lookup(host, options, callback);

/** Calls a lookup function that may throw, call back with anything, or never call back. Rejects without an address. */
function lookUp(host: string, lookup: LookupFunction): Promise<readonly Address[]> {
  return new Promise((resolve, reject) => {
    const fail = (error: unknown): void =>
      reject(error instanceof Error ? error : errorWithCode('ENOTFOUND', `lookup of ${host} failed`));
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
  if (typeof text !== 'string') return [];
  const family = ipVersion(text);
  return family === 0 ? [] : [{ address: text, family }];
}

/** `localhost` may resolve to one family while the server listens on the other, so try both loopback addresses. */
function withBothLoopbacks(addresses: readonly Address[]): readonly Address[] {
  const loopbacks = ['127.0.0.1', '::1'].flatMap(asAddress);
  const missing = loopbacks.filter(({ address }) => addresses.every((other) => other.address !== address));
  return [...addresses, ...missing];
}

function withTimeout<T>(
  answer: Promise<T>,
  { host, timeoutMillis, clock }: Pick<ResolverOptions, 'host' | 'timeoutMillis' | 'clock'>,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = clock.after(timeoutMillis, () =>
      reject(errorWithCode('ETIMEDOUT', `lookup of ${host} timed out`)),
    );
    answer.then(resolve, reject).finally(() => timer.cancel());
  });
}
