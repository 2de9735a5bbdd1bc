// What names the local sockets of an operating system: paths of socket files, and named pipes on Windows. Node.js reaches
// no others: https://nodejs.org/api/net.html#identifying-paths-for-ipc-connections

/** Any other characters may follow; the namespace of pipes has no folders. */
const NAMED_PIPE = /^\\\\[.?]\\pipe\\[^\0]+$/is;

/** CreateNamedPipe, lpName: the whole name can have up to 256 characters. */
const MAX_PIPE_CHARACTERS = 256;

/** Without the terminating NUL of sun_path: unix(7) has 108 bytes, unix(4) of macOS and the BSDs 104. */
const MAX_LINUX_BYTES = 107;
const MAX_BSD_BYTES = 103;

export function isNamedPipe(path: string): boolean {
  return NAMED_PIPE.test(path);
}

/** What is expected where a path cannot name a socket of the platform; undefined when it can. */
export function expectedSocketPath(
  path: unknown,
  platform: NodeJS.Platform = process.platform,
): string | undefined {
  if (platform === 'win32') {
    return typeof path === 'string' && isNamedPipe(path) && path.length <= MAX_PIPE_CHARACTERS
      ? undefined
      : 'a named pipe such as \\\\.\\pipe\\statsd, because Windows has no socket files for Node.js';
  }
  const maxBytes = platform === 'linux' || platform === 'android' ? MAX_LINUX_BYTES : MAX_BSD_BYTES;
  if (typeof path === 'string' && isNamedPipe(path)) {
    return 'an absolute path, because named pipes exist on Windows alone';
  }
  return typeof path === 'string' && /^\/[^\0]+$/s.test(path) && Buffer.byteLength(path) <= maxBytes
    ? undefined
    : `an absolute path of at most ${maxBytes} bytes, which is all that a socket address holds`;
}
