/** The code of a system error, else the name of the error; `unknown` for what is no error. For counters and messages. */
export function errorCode(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}

/** An error that `errorCode()` reads back. */
export function errorWithCode(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}
