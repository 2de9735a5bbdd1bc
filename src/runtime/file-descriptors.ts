// File descriptors run out when a process has as many open files and sockets as its system allows. libuv then closes
// further connections without telling Node.js (uv__emfile_trick in src/unix/stream.c), so a server must look for itself.

import { closeSync, openSync } from 'node:fs';
import { devNull } from 'node:os';
import { errorCode } from './error-code.js';

/** Whether another file or socket can be opened. To be asked at each accepted connection: some 10 microseconds. */
export function hasFreeDescriptor(): boolean {
  try {
    closeSync(openSync(devNull, 'r'));
    return true;
  } catch (error) {
    // Without the device, nothing is known.
    const code = errorCode(error);
    return code !== 'EMFILE' && code !== 'ENFILE';
  }
}

/** Why a connection was closed at once, in words for messages. */
export const NO_DESCRIPTORS = 'this process has no file descriptors left (ulimit -n)';
