import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { expectedSocketPath, isNamedPipe } from '../../src/runtime/socket-path.js';

const anAbsolutePath = (bytes: number) =>
  `an absolute path of at most ${bytes} bytes, which is all that a socket address holds`;
const aNamedPipe =
  'a named pipe such as \\\\.\\pipe\\statsd, because Windows has no socket files for Node.js';
const noPipes = 'an absolute path, because named pipes exist on Windows alone';

describe('a socket path', () => {
  test.each<[NodeJS.Platform, number]>([
    ['linux', 107],
    ['android', 107],
    ['darwin', 103],
    ['freebsd', 103],
  ])('on %s is absolute and has at most %d bytes', (platform, bytes) => {
    const fits = `/${'é'.repeat(Math.floor((bytes - 1) / 2))}`;
    const tooLong = `/${'x'.repeat(bytes)}`;

    expect(
      ['/run/statsd.sock', fits, tooLong, 'run/statsd.sock', '', '/', '/a\0b', undefined, ['/a']].map(
        (path) => expectedSocketPath(path, platform),
      ),
    ).toEqual([undefined, undefined, ...Array(7).fill(anAbsolutePath(bytes))]);
  });

  test('on Windows is a named pipe of at most 256 characters', () => {
    const paths = [
      '\\\\.\\pipe\\statsd',
      '\\\\?\\pipe\\C:\\statsd\\pipe',
      `\\\\.\\PIPE\\${'x'.repeat(247)}`,
      `\\\\.\\pipe\\${'x'.repeat(248)}`,
      '\\\\.\\pipe\\',
      '\\\\server\\pipe\\statsd',
      '/run/statsd.sock',
      'C:\\statsd.sock',
      'x\\\\.\\pipe\\statsd',
      '\\\\.\\pipe\\statsd\0',
      ['\\\\.\\pipe\\statsd'],
      undefined,
    ];

    expect(paths.map((path) => expectedSocketPath(path, 'win32'))).toEqual([
      undefined,
      undefined,
      undefined,
      ...Array(9).fill(aNamedPipe),
    ]);
  });

  test('that is a named pipe is refused elsewhere, in words of its own', () => {
    expect(
      (['linux', 'darwin'] as const).map((platform) => expectedSocketPath('\\\\.\\pipe\\statsd', platform)),
    ).toEqual([noPipes, noPipes]);
  });
});

test('no path names a socket on Windows and elsewhere', () => {
  const paths = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string().map((name) => `/${name}`),
    fc.string().map((name) => `\\\\.\\pipe\\${name}`),
  );
  fc.assert(
    fc.property(paths, (path) => {
      const usable = (['win32', 'linux', 'darwin'] as const).filter(
        (platform) => expectedSocketPath(path, platform) === undefined,
      );
      expect(usable.includes('win32') ? usable : usable.filter((platform) => platform === 'win32')).toEqual(
        isNamedPipe(path) && path.length <= 256 ? ['win32'] : [],
      );
    }),
  );
});
