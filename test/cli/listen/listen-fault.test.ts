import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { listenFault, webFault } from '../../../src/cli/listen/listen-fault.js';
import { skipWithout } from '../../support/platform.js';
import { runWith } from '../fake-io.js';

const failure = (code: string): Error => Object.assign(new Error(`listen ${code}`), { code });

function folder(): string {
  skipWithout('socket files');
  const path = mkdtempSync(join(tmpdir(), 'statsd-'));
  onTestFinished(() => {
    chmodSync(path, 0o700);
    rmSync(path, { recursive: true });
  });
  return path;
}

it.each([
  ['EACCES', 'this user may not listen there. Ports below 1024 are often reserved; take a higher one.'],
  ['EADDRNOTAVAIL', 'this machine has no such address. 127.0.0.1 takes local clients, 0.0.0.0 all.'],
  ['ENOTFOUND', 'the host name is unknown.'],
  ['EWHATEVER', 'listen EWHATEVER'],
])('a port with %s: %s', (code, text) => {
  expect(listenFault({ protocol: 'udp', host: '127.0.0.1', port: 80 }, failure(code))).toBe(text);
});

it.each([
  ['EADDRINUSE', 'something listens there already. Take another port: --web 0 takes any free one.'],
  ['EACCES', 'this user may not listen there. Ports below 1024 are often reserved; take a higher one.'],
  [
    'EADDRNOTAVAIL',
    'this machine has no such address. 127.0.0.1 is for this machine alone, 0.0.0.0 for all.',
  ],
  ['ENOTFOUND', 'the host name is unknown.'],
  ['EWHATEVER', 'listen EWHATEVER'],
])('the address of the page with %s: %s', (code, text) => {
  expect(webFault(failure(code))).toBe(text);
});

it('a missing folder of a socket is named, although the system says EACCES', async () => {
  const path = join(folder(), 'missing/statsd.sock');
  expect(await runWith(['listen', `unix://${path}`])).toEqual({
    code: 1,
    out: '',
    err: `Cannot listen on unix://${path}: the folder ${join(path, '..')} does not exist.\n`,
  });
});

it('a file in the place of a folder, and a folder or file in the place of a socket are named', () => {
  const path = folder();
  writeFileSync(join(path, 'file'), '');
  const fault = (socket: string, code: string) =>
    listenFault({ protocol: 'unix', path: socket }, failure(code));
  expect([
    fault(join(path, 'file/a.sock'), 'ENOTDIR'),
    fault(path, 'EADDRINUSE'),
    fault(join(path, 'file'), 'EADDRINUSE'),
  ]).toEqual([
    `${join(path, 'file')} is not a folder.`,
    'that is a folder.',
    'something listens there already, or the file is not a socket. Take another path.',
  ]);
});

it('a folder that may not be written is named', () => {
  const path = join(folder(), 'a.sock');
  expect(listenFault({ protocol: 'unix', path }, failure('EACCES'))).toBe(
    `this user may not make a file in the folder ${join(path, '..')}.`,
  );
});

it('a file that may not be used, and faults of the system that the folder does not explain, are named', () => {
  const path = folder();
  writeFileSync(join(path, 'file'), '');
  const fault = (name: string, code: string) =>
    listenFault({ protocol: 'unix', path: join(path, name) }, failure(code));
  expect([
    fault('file', 'EACCES'),
    fault('a.sock', 'EROFS'),
    fault('a.sock', 'EINVAL'),
    fault('file/missing/a.sock', 'ENOTDIR'),
    fault(`${'x'.repeat(300)}/a.sock`, 'ENAMETOOLONG'),
  ]).toEqual([
    'this user may not use the file (EACCES).',
    `this user may not make a file in the folder ${path}.`,
    'listen EINVAL',
    `the folder ${join(path, 'file/missing')} does not exist.`,
    `this user may not look into the folder ${join(path, 'x'.repeat(300))}.`,
  ]);
});
