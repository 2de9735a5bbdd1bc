// Name look-up with a deadline: getaddrinfo can neither be cancelled nor trusted to answer.

import { isIP, type LookupFunction } from 'node:net';
import type { Clock } from './clock.js';

export interface Address {
  readonly address: string;
  readonly family: 4 | 6;
}

/** The address of a host. Rejects with a code: the look-up's own or ETIMEDOUT. */
export function resolveHost(
  host: string,
  lookup: LookupFunction,
  timeoutMillis: number,
  clock: Clock,
): Promise<Address> {
  const family = isIP(host);
  if (family !== 0) return Promise.resolve({ address: host, family: family === 6 ? 6 : 4 });
  return new Promise((resolve, reject) => {
    const timer = clock.after(timeoutMillis, () =>
      reject(withCode('ETIMEDOUT', `look-up of ${host} timed out`)),
    );
    const fail = (error: unknown): void => {
      timer.cancel();
      reject(error instanceof Error ? error : withCode('ENOTFOUND', `look-up of ${host} failed`));
    };
    try {
      lookup(host, { all: true }, (error, found) => {
        const addresses = typeof found === 'string' ? [{ address: found }] : (found ?? []);
        // StatsD servers listen on IPv4 unless told otherwise; "localhost" often has ::1 first.
        const chosen = addresses.find(({ address }) => isIP(address) === 4) ?? addresses[0];
        if (error || chosen === undefined || isIP(chosen.address) === 0) return fail(error);
        timer.cancel();
        resolve({ address: chosen.address, family: isIP(chosen.address) === 6 ? 6 : 4 });
      });
    } catch (error) {
      fail(error);
    }
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
