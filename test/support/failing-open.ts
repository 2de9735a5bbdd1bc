import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { onTestFinished } from 'vitest';

/** Until it is called or the test ends, no file can be opened: as if the process had no file descriptors left, for EMFILE. */
export function failToOpen(code: string): () => void {
  const { openSync } = fs;
  const set = (open: typeof openSync): void => {
    fs.openSync = open;
    syncBuiltinESMExports();
  };
  set(() => {
    throw Object.assign(new Error('the file cannot be opened'), { code });
  });
  onTestFinished(() => set(openSync));
  return () => set(openSync);
}
