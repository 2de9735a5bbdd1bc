import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { hasFreeDescriptor, NO_DESCRIPTORS } from '../../src/runtime/file-descriptors.js';
import { failToOpen } from '../support/failing-open.js';
import { skipWithout } from '../support/platform.js';

it('a process has a free file descriptor until its system, or the limit of the process, allows no more', () => {
  expect(hasFreeDescriptor()).toBe(true);
  for (const code of ['EMFILE', 'ENFILE']) {
    const restore = failToOpen(code);
    expect([code, hasFreeDescriptor()]).toEqual([code, false]);
    restore();
  }
  expect(NO_DESCRIPTORS).toBe('this process has no file descriptors left (ulimit -n)');
});

it('a process that cannot open a file for another reason may have free file descriptors', () => {
  failToOpen('ENOENT');
  expect(hasFreeDescriptor()).toBe(true);
});

it('asking for a free file descriptor keeps none', () => {
  skipWithout('/proc');
  const open = (): number => readdirSync('/proc/self/fd').length;
  const before = open();
  for (let times = 0; times < 10; times += 1) hasFreeDescriptor();
  expect(open()).toBeLessThan(before + 10);
});
