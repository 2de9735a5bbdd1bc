// Lookups of host names for tests of transports.
import { isIP, type LookupFunction } from 'node:net';

/** Answers each lookup with the next of these addresses; the last one repeats. */
export function lookupOf(...addresses: (string | Error)[]): {
  lookup: LookupFunction;
  readonly calls: string[];
} {
  const calls: string[] = [];
  return {
    calls,
    lookup: (hostname, _options, callback) => {
      const answer = addresses[Math.min(calls.length, addresses.length - 1)]!;
      calls.push(hostname);
      setImmediate(() => {
        if (answer instanceof Error) callback(answer, []);
        else callback(null, [{ address: answer, family: isIP(answer) }]);
      });
    },
  };
}
