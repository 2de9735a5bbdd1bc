// Where a stream connects to, without connecting.
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import promises from 'node:fs/promises';
import net, { type LookupFunction, type Socket } from 'node:net';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { TransportOptions } from '../../../src/transport/options.js';
import { Ledger } from '../../../src/transport/queue/delivery-ledger.js';
import { HostTarget, PathTarget } from '../../../src/transport/stream/stream-target.js';
import { FakeStreamSocket } from '../../support/fake-stream-socket.js';
import { temporarySocketPath } from '../../support/receivers/stream-server.js';
import { transportOptions } from '../../support/transports.js';

function hostTarget(port: number, settings: Partial<TransportOptions> = {}): HostTarget {
  const destination = { protocol: 'tcp', host: 'statsd.example', port } as const;
  return new HostTarget(destination, new Ledger(), transportOptions({ destination, ...settings }));
}

describe('a host', () => {
  test('has to be resolved before it is connected to', () => {
    expect(() => hostTarget(8_125).open()).toThrow(new Error('open() before resolve()'));
  });

  test('is aborted as the options say, is never replaced, and has the usual back-off', async () => {
    const target = hostTarget(8_125, { abortWith: 'fin' });
    expect([target.abortWith, await target.isReplaced(), target.backoffCapMillis()]).toEqual([
      ...['fin', false, undefined],
    ]);
  });

  test('is connected to where it was reached last, until that address fails', async () => {
    const connect = vi.spyOn(net, 'connect').mockReturnValue(new FakeStreamSocket() as unknown as Socket);
    onTestFinished(() => void vi.restoreAllMocks());
    const target = hostTarget(8_125, {
      lookup: (_host, _options, callback) =>
        callback(
          null,
          ['127.0.0.1', '127.0.0.2', '127.0.0.3'].map((address) => ({ address, family: 4 })),
        ),
    });
    /** The address that is tried first. */
    const first = async (): Promise<unknown> => {
      await target.resolve();
      target.open();
      const { lookup } = connect.mock.lastCall![0] as unknown as { lookup: LookupFunction };
      return new Promise((resolve) => lookup('resolved', {}, (_error, address) => resolve(address)));
    };
    expect(await first()).toBe('127.0.0.1');
    target.markConnected({ remoteAddress: '127.0.0.2' } as Socket);
    expect(await first()).toBe('127.0.0.2');
    // A socket that is gone by then has no address.
    target.markConnected({ remoteAddress: undefined } as Socket);
    target.markFailed();
    expect(await first()).toBe('127.0.0.2');
    target.markConnected({ remoteAddress: '127.0.0.2' } as Socket);
    target.markFailed();
    expect(await first()).toBe('127.0.0.3');
    // It is known to have failed; that it fails again changes nothing.
    target.markFailed();
    expect(await first()).toBe('127.0.0.3');
  });
});

describe('a path', () => {
  test('is aborted without a reset, which socket files do not have, and retried soon while it is missing', () => {
    const target = new PathTarget('/run/statsd.sock');
    expect([target.abortWith, target.backoffCapMillis('ENOENT'), target.backoffCapMillis('EACCES')]).toEqual([
      ...['fin', 1_000, 10_000],
    ]);
    target.markConnected();
    target.markFailed();
  });

  test('is replaced once another file is there, or none', async () => {
    const path = temporarySocketPath();
    writeFileSync(path, '');
    const target = new PathTarget(path);
    await target.resolve({ staysOpen: true });
    expect(await target.isReplaced()).toBe(false);
    rmSync(path);
    expect(await target.isReplaced()).toBe(true);
    await target.resolve({ staysOpen: true });
    expect(await target.isReplaced()).toBe(false);
    writeFileSync(path, '');
    expect(await target.isReplaced()).toBe(true);
    await target.resolve({ staysOpen: true });
    writeFileSync(`${path}.new`, '');
    renameSync(`${path}.new`, path);
    expect(await target.isReplaced()).toBe(true);
  });

  test('is looked at only if the connection is to stay open', async () => {
    const path = temporarySocketPath();
    writeFileSync(path, '');
    const target = new PathTarget(path);
    await target.resolve({ staysOpen: false });
    expect(await target.isReplaced()).toBe(true);
  });

  test('that is a named pipe is never looked at, and so is not replaced', async () => {
    const stat = vi.spyOn(promises, 'stat');
    onTestFinished(() => void vi.restoreAllMocks());
    const target = new PathTarget('\\\\.\\pipe\\statsd');
    await target.resolve({ staysOpen: true });
    expect([await target.isReplaced(), stat.mock.calls]).toEqual([false, []]);
  });
});
