// Socket files of unix stream servers. A server that was killed leaves its file behind, and another server cannot
// listen on that path until the file is removed.

import { errorCode } from './error-code.js';

/**
 * `removed`: the file was a socket on which no process listens; it is gone now. `in-use`: a process listens on it.
 * `not-removable`: it is another kind of file, or cannot be removed.
 */
export type StaleSocketResult = 'removed' | 'in-use' | 'not-removable';

/** Removes the socket file that a killed server left behind. Never rejects; removes nothing but sockets. */
export async function removeStaleSocketFile(path: string): Promise<StaleSocketResult> {
  const { lstat, unlink } = process.getBuiltinModule('node:fs/promises');
  try {
    if (!(await lstat(path)).isSocket()) return 'not-removable';
    if (await hasListener(path)) return 'in-use';
    await unlink(path);
    return 'removed';
  } catch {
    return 'not-removable';
  }
}

/** Only a connection attempt tells; every error but a refusal may come from a server that is alive. */
function hasListener(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = process.getBuiltinModule('node:net').connect({ path });
    socket.unref();
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', (error) => resolve(errorCode(error) !== 'ECONNREFUSED'));
  });
}
