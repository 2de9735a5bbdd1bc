// What tests need of the operating system. Where it is missing they are skipped, and the report says what they need.
import { afterEach, beforeEach, TestRunner } from 'vitest';

const isWindows = process.platform === 'win32';

const IS_MET = {
  /** Unix sockets and file modes. On Windows, Node.js has named pipes in their place. */
  'socket files': !isWindows,
  /** On Windows, process.kill() ends a process at once, whatever the signal and its handlers. */
  signals: !isWindows,
  /** A peer that closes a unix socket with unread bytes resets the connection. macOS and the BSDs report a usual end. */
  'resets of unix sockets': process.platform === 'linux',
  /** All of 127.0.0.0/8 is this machine. On macOS 127.0.0.1 alone is. */
  'further loopback addresses': process.platform !== 'darwin',
  /** The files of proc(5). */
  '/proc': process.platform === 'linux',
} as const;

type Need = keyof typeof IS_MET;

/** For the tests of the file, or of the `describe` that this is called in. */
export function needs(...needed: readonly Need[]): void {
  beforeEach(() => skipWithout(...needed));
}

/** For the test that is running. */
export function skipWithout(...needed: readonly Need[]): void {
  const missing = needed.filter((need) => !IS_MET[need]);
  if (missing.length > 0) TestRunner.getCurrentTest()?.context.skip(`needs ${missing.join(', ')}`);
}

/** For a server of the running test, whose address must be one of this machine. */
export function skipWithoutAddress(host: string | undefined): void {
  if (/^127\./.test(host ?? '') && host !== '127.0.0.1') skipWithout('further loopback addresses');
}

/** The tests of the file, or of the `describe`, take this for the platform. */
export function pretendPlatform(platform: NodeJS.Platform): void {
  const real = Object.getOwnPropertyDescriptor(process, 'platform')!;
  beforeEach(() => void Object.defineProperty(process, 'platform', { ...real, value: platform }));
  afterEach(() => void Object.defineProperty(process, 'platform', real));
}
