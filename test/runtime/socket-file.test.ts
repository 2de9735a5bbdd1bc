import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { removeStaleSocketFile } from '../../src/runtime/socket-file.js';
import { needs } from '../support/platform.js';

needs('socket files', 'signals');

function newPath(): string {
  const folder = mkdtempSync(join(tmpdir(), 'statsd-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'statsd.sock');
}

test('the socket file of a killed server is removed', async () => {
  const path = newPath();
  const listen = `require('node:net').createServer().listen(${JSON.stringify(path)}, () => console.log('up'))`;
  const server = spawn(process.execPath, ['-e', listen], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(server.stdout, 'data');
  server.kill('SIGKILL');
  await once(server, 'exit');
  expect([existsSync(path), await removeStaleSocketFile(path), existsSync(path)]).toEqual([
    true,
    'removed',
    false,
  ]);
});

test('the socket file of a server that listens stays', async () => {
  const path = newPath();
  const server = createServer().listen(path);
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  expect({ isRemoved: await removeStaleSocketFile(path), exists: existsSync(path) }).toEqual({
    isRemoved: 'in-use',
    exists: true,
  });
});

test('a socket file that cannot be connected to for another reason than a refusal stays', async () => {
  const folder = dirname(newPath());
  // Too long for the address of a socket.
  const name = 'n'.repeat(120);
  mkdirSync(join(folder, name));
  symlinkSync(name, join(folder, 'short'));
  const server = createServer().listen(join(folder, 'short', 's'));
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const path = join(folder, name, 's');
  expect({ isRemoved: await removeStaleSocketFile(path), exists: existsSync(path) }).toEqual({
    isRemoved: 'in-use',
    exists: true,
  });
});

test.each([
  ['a regular file', (path: string) => writeFileSync(path, '')],
  ['a folder', (path: string) => mkdirSync(path)],
])('%s is never removed', async (_what, create) => {
  const path = newPath();
  create(path);
  expect({ isRemoved: await removeStaleSocketFile(path), exists: existsSync(path) }).toEqual({
    isRemoved: 'not-removable',
    exists: true,
  });
});

test('a missing file is not removable', async () => {
  expect(await removeStaleSocketFile(newPath())).toBe('not-removable');
});
