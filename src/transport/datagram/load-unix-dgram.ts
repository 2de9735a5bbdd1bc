// The optional package unix-dgram, which is native and so not installed with this one: the part in use, with types, and
// the loader.

/** A socket that is connected to a path; its callbacks are called before the call returns. */
export interface UnixDatagramSocket {
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'connect' | 'writable', listener: () => void): unknown;
  connect(path: string): void;
  send(payload: Uint8Array, callback: (error?: Error) => void): void;
  close(): void;
}

export interface UnixDatagramModule {
  createSocket(type: 'unix_dgram'): UnixDatagramSocket;
}

export class MissingPackageError extends Error {
  override readonly name = 'MissingPackageError';
  readonly code = 'MISSING_UNIX_DGRAM';
}

// Not a literal, so that compilers and bundlers do not require a package that may be missing; webpack warns of such an
// import unless the comment inside it tells it to leave the import alone.
function importPackage(name: string): Promise<{ readonly default?: unknown }> {
  return import(/* webpackIgnore: true */ name);
}

export async function loadUnixDgram(load = importPackage): Promise<UnixDatagramModule> {
  try {
    const loaded = await load('unix-dgram');
    return (loaded.default ?? loaded) as UnixDatagramModule;
  } catch (cause) {
    throw new MissingPackageError('unixgram needs the package unix-dgram: npm install unix-dgram', { cause });
  }
}
