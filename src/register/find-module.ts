// Finds optional packages where the app has them, and their dependencies where they have them, so that
// installations without hoisting (pnpm, Yarn Plug'n'Play) work too.

import { realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { ownFile } from './own-file.js';

export interface FoundModule {
  readonly file: string;
  /** Throws what loading the module throws. */
  load(): unknown;
  /** Finds a module as this one would by `require(name)`. */
  find(name: string): FoundModule | undefined;
}

/** The first module that `require(name)` finds from one of these files, which need not exist. */
export function findModule(name: string, fromFiles: readonly string[]): FoundModule | undefined {
  for (const fromFile of fromFiles) {
    try {
      const require = createRequire(fromFile);
      const file = require.resolve(name);
      return { file, load: () => require(file), find: (other) => findModule(other, [file]) };
    } catch {
      // Not installed there, or installed without this entry.
    }
  }
  return undefined;
}

/**
 * Places to look for the app's packages: the working directory, where `--import` and `--require` look too, then the
 * started script's folder, then this package, for agents that are installed apart from the app.
 */
export function appFiles(): string[] {
  return [
    attempt(() => join(process.cwd(), 'package.json')),
    // Throws for `node -e` and the REPL, which have no script.
    attempt(() => realpathSync(process.argv[1]!)),
    ownFile(),
  ].filter((file) => file !== undefined);
}

function attempt(read: () => string): string | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
