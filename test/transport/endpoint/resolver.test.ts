import { isIP, type LookupFunction } from 'node:net';
import { describe, expect, test } from 'vitest';
import { errorCode } from '../../../src/runtime/error-code.js';
import { Resolver, systemLookup } from '../../../src/transport/endpoint/resolver.js';
import { Ledger } from '../../../src/transport/queue/delivery-ledger.js';
import { FakeClock } from '../../support/fake-clock.js';
import { transportOptions } from '../../support/transports.js';

type Answer = (error: NodeJS.ErrnoException | null, addresses: string[]) => void;

class Setup {
  readonly clock = new FakeClock();
  /** Lookups that were begun and not answered. */
  readonly pending: Answer[] = [];
  lookups = 0;
  failures = 0;
  changes = 0;
  readonly resolver: Resolver;

  constructor(host = 'statsd.example', lookup?: LookupFunction) {
    this.resolver = new Resolver({
      host,
      lookup:
        lookup ??
        ((_host, _options, callback) => {
          this.lookups += 1;
          this.pending.push((error, addresses) =>
            callback(
              error,
              addresses.map((address) => ({ address, family: isIP(address) })),
            ),
          );
        }),
      timeoutMillis: 5_000,
      clock: this.clock,
      random: () => 0,
      onFailure: () => {
        this.failures += 1;
      },
      onChange: () => {
        this.changes += 1;
      },
    });
  }

  /** The addresses, in order, or the code of the error. */
  async resolve(): Promise<string[] | string> {
    try {
      return (await this.resolver.resolve()).map(({ address }) => address);
    } catch (error) {
      return errorCode(error);
    }
  }

  answer(...addresses: string[]): void {
    for (const answer of this.pending.splice(0)) answer(null, addresses);
  }

  fail(code: string): void {
    for (const answer of this.pending.splice(0)) answer(Object.assign(new Error(code), { code }), []);
  }

  get counts(): { lookups: number; failures: number; changes: number } {
    const { lookups, failures, changes } = this;
    return { lookups, failures, changes };
  }
}

/** Resolves, with that answer of the lookup. */
async function resolveWith(setup: Setup, ...addresses: string[]): Promise<string[] | string> {
  const resolved = setup.resolve();
  setup.answer(...addresses);
  return await resolved;
}

describe('an address', () => {
  test.each([
    ['127.0.0.1', 4],
    ['::1', 6],
  ])('%s needs no lookup', async (address, family) => {
    const setup = new Setup(address);
    expect({
      addresses: await setup.resolver.resolve(),
      isLiteral: setup.resolver.isLiteral,
      counts: setup.counts,
    }).toEqual({
      addresses: [{ address, family }],
      isLiteral: true,
      counts: { lookups: 0, failures: 0, changes: 0 },
    });
  });
});

describe('a name', () => {
  test('is looked up each time, and has its IPv4 addresses first', async () => {
    const setup = new Setup();
    expect(await resolveWith(setup, '::2', '10.0.0.1', '::1', '10.0.0.2')).toEqual([
      '10.0.0.1',
      '10.0.0.2',
      '::2',
      '::1',
    ]);
    expect(await resolveWith(setup, '10.0.0.3')).toEqual(['10.0.0.3']);
    expect({ isLiteral: setup.resolver.isLiteral, counts: setup.counts }).toEqual({
      isLiteral: false,
      counts: { lookups: 2, failures: 0, changes: 0 },
    });
  });

  test('is looked up for all of its addresses', async () => {
    const asked: unknown[] = [];
    const setup = new Setup('statsd.example', (host, options, callback) => {
      asked.push([host, options]);
      callback(null, [{ address: '::1', family: 6 }]);
    });
    expect([await setup.resolver.resolve(), asked]).toEqual([
      [{ address: '::1', family: 6 }],
      [['statsd.example', { all: true }]],
    ]);
  });

  test('begins at a random address', async () => {
    const resolver = new Resolver({
      host: 'statsd.example',
      lookup: (_host, _options, callback) =>
        callback(
          null,
          ['10.0.0.1', '10.0.0.2', '10.0.0.3'].map((address) => ({ address, family: 4 })),
        ),
      timeoutMillis: 1,
      clock: new FakeClock(),
      random: () => 0.5,
      onFailure: () => {},
      onChange: () => {},
    });
    expect((await resolver.resolve()).map(({ address }) => address)).toEqual([
      '10.0.0.2',
      '10.0.0.3',
      '10.0.0.1',
    ]);
  });

  test('stays on the address that worked, wherever the answer lists it', async () => {
    const setup = new Setup();
    await resolveWith(setup, '10.0.0.1', '10.0.0.2');
    setup.resolver.markReachable('10.0.0.2');
    expect(await resolveWith(setup, '10.0.0.1', '10.0.0.2')).toEqual(['10.0.0.2', '10.0.0.1']);
    expect(await resolveWith(setup, '10.0.0.3', '10.0.0.2')).toEqual(['10.0.0.2', '10.0.0.3']);
    expect(setup.changes).toBe(0);
  });

  test('counts as changed when the address that worked is gone', async () => {
    const setup = new Setup();
    await resolveWith(setup, '10.0.0.1', '10.0.0.2');
    setup.resolver.markReachable('10.0.0.1');
    expect({ addresses: await resolveWith(setup, '10.0.0.2', '10.0.0.3'), changes: setup.changes }).toEqual({
      addresses: ['10.0.0.2', '10.0.0.3'],
      changes: 1,
    });
  });

  test('counts as changed also when that address failed before', async () => {
    const setup = new Setup();
    await resolveWith(setup, '10.0.0.1');
    setup.resolver.markReachable('10.0.0.1');
    setup.resolver.markFailed('10.0.0.1');
    expect({ addresses: await resolveWith(setup, '10.0.0.2'), changes: setup.changes }).toEqual({
      addresses: ['10.0.0.2'],
      changes: 1,
    });
    expect({ addresses: await resolveWith(setup, '10.0.0.3'), changes: setup.changes }).toEqual({
      addresses: ['10.0.0.3'],
      changes: 1,
    });
  });

  test('continues with the next address when one failed', async () => {
    const setup = new Setup();
    await resolveWith(setup, '10.0.0.1', '10.0.0.2', '10.0.0.3');
    setup.resolver.markReachable('10.0.0.1');
    setup.resolver.markFailed('10.0.0.1');
    expect(await resolveWith(setup, '10.0.0.1', '10.0.0.2', '10.0.0.3')).toEqual([
      '10.0.0.2',
      '10.0.0.3',
      '10.0.0.1',
    ]);
    setup.resolver.markFailed('10.9.9.9');
    expect((await resolveWith(setup, '10.0.0.1', '10.0.0.2', '10.0.0.3'))[0]).toBe('10.0.0.2');
  });

  test('stays on the address that worked when another one failed', async () => {
    const setup = new Setup();
    await resolveWith(setup, '10.0.0.1', '10.0.0.2', '10.0.0.3');
    setup.resolver.markReachable('10.0.0.2');
    setup.resolver.markFailed('10.0.0.3');
    expect(await resolveWith(setup, '10.0.0.1', '10.0.0.2', '10.0.0.3')).toEqual([
      '10.0.0.2',
      '10.0.0.1',
      '10.0.0.3',
    ]);
  });

  test('`localhost` is tried on both loopback addresses', async () => {
    const setup = new Setup('localhost');
    expect(await resolveWith(setup, '127.0.0.1')).toEqual(['127.0.0.1', '::1']);
    expect(await resolveWith(setup, '::1')).toEqual(['127.0.0.1', '::1']);
    expect(await resolveWith(new Setup('localhost'), '127.0.0.1', '::1')).toEqual(['127.0.0.1', '::1']);
  });
});

test('the lookup of the system is Node’s', async () => {
  const found = await new Promise((resolve) =>
    systemLookup('127.0.0.1', { all: true }, (_error, addresses) => resolve(addresses)),
  );
  expect(found).toEqual([{ address: '127.0.0.1', family: 4 }]);
});

describe('a lookup that fails', () => {
  test('rejects with its code, and is counted', async () => {
    const setup = new Setup();
    const resolved = setup.resolve();
    setup.fail('ENOTFOUND');
    expect({ resolved: await resolved, counts: setup.counts }).toEqual({
      resolved: 'ENOTFOUND',
      counts: { lookups: 1, failures: 1, changes: 0 },
    });
  });

  test('keeps the addresses known from before', async () => {
    const setup = new Setup();
    await resolveWith(setup, '10.0.0.1');
    const resolved = setup.resolve();
    setup.fail('ESERVFAIL');
    expect({ resolved: await resolved, counts: setup.counts }).toEqual({
      resolved: ['10.0.0.1'],
      counts: { lookups: 2, failures: 1, changes: 0 },
    });
  });

  const answers: [string, LookupFunction, string][] = [
    [
      'by throwing',
      () => {
        throw new TypeError('no such service');
      },
      'no such service',
    ],
    ['by an empty answer', (_host, _options, callback) => callback(null, []), 'lookup of a.example failed'],
    [
      'by an answer that is no address',
      (_host, _options, callback) => callback(null, 'nonsense', 4),
      'lookup of a.example failed',
    ],
    [
      'by an answer that is no text',
      (_host, _options, callback) => callback(null, Symbol('address') as never, 4),
      'lookup of a.example failed',
    ],
    [
      'by an error with addresses',
      (_host, _options, callback) => callback(new Error('refused'), '10.0.0.1', 4),
      'refused',
    ],
  ];
  test.each(answers)('%s rejects too, and is counted', async (_how, lookup, message) => {
    const setup = new Setup('a.example', lookup);
    await expect(setup.resolver.resolve()).rejects.toThrow(message);
    expect(setup.failures).toBe(1);
  });

  test('without an error of its own has the code ENOTFOUND', async () => {
    expect(await new Setup('a.example', (_host, _options, callback) => callback(null, [])).resolve()).toBe(
      'ENOTFOUND',
    );
  });

  test('takes a single address for a list of one', async () => {
    const lookup: LookupFunction = (_host, _options, callback) => callback(null, '10.0.0.1', 4);
    expect(await new Setup('statsd.example', lookup).resolve()).toEqual(['10.0.0.1']);
  });
});

describe('a lookup that does not answer', () => {
  test('ends at its deadline, and leaves no timer behind once it is answered', async () => {
    const setup = new Setup();
    await expect(
      Promise.all([setup.resolver.resolve(), Promise.resolve().then(() => setup.clock.advance(5_000))]),
    ).rejects.toThrow('lookup of statsd.example timed out');
    const resolved = setup.resolve();
    setup.clock.advance(4_999);
    expect(setup.clock.pendingMillis).toEqual([1]);
    setup.clock.advance(1);
    expect({ resolved: await resolved, counts: setup.counts }).toEqual({
      resolved: 'ETIMEDOUT',
      counts: { lookups: 1, failures: 2, changes: 0 },
    });
    await resolveWith(setup, '10.0.0.1');
    expect(setup.clock.pendingMillis).toEqual([]);
  });

  test('is not started a second time; its answer serves all that wait', async () => {
    const setup = new Setup();
    const first = setup.resolve();
    setup.clock.advance(5_000);
    await first;
    const second = setup.resolve();
    setup.answer('10.0.0.1');
    expect({ second: await second, counts: setup.counts }).toEqual({
      second: ['10.0.0.1'],
      counts: { lookups: 1, failures: 1, changes: 0 },
    });
  });

  test('counts as lost after a minute', async () => {
    const setup = new Setup();
    setup.clock.advance(120_000);
    const first = setup.resolve();
    setup.clock.advance(59_999);
    const early = setup.resolve();
    expect(setup.lookups).toBe(1);
    setup.clock.advance(1);
    const second = setup.resolve();
    expect({ first: await first, lookups: setup.lookups }).toEqual({ first: 'ETIMEDOUT', lookups: 2 });
    // The lost one serves those that wait for it still, and ends no later one.
    setup.pending.shift()?.(null, ['10.0.0.2']);
    expect(await early).toEqual(['10.0.0.2']);
    const third = setup.resolve();
    expect(setup.lookups).toBe(2);
    setup.pending.pop()?.(null, ['10.0.0.1']);
    expect([await second, await third]).toEqual([['10.0.0.1'], ['10.0.0.1']]);
  });
});

test('the resolver of an endpoint counts failures and changes in the ledger', async () => {
  const answers = ['10.0.0.1', '10.0.0.2', undefined];
  const ledger = new Ledger();
  const endpoint = { protocol: 'tcp', host: 'statsd.example', port: 1 } as const;
  const resolver = Resolver.for(
    endpoint,
    ledger,
    transportOptions({
      destination: endpoint,
      clock: new FakeClock(),
      lookup: (_host, _options, callback) => {
        const address = answers.shift();
        if (address === undefined) callback(new Error('refused'), []);
        else callback(null, [{ address, family: 4 }]);
      },
    }),
  );
  for (const address of ['10.0.0.1', '10.0.0.2', '10.0.0.2']) {
    expect(await resolver.resolve()).toEqual([{ address, family: 4 }]);
    resolver.markReachable(address);
  }
  const { dnsFailures, dnsChanges } = ledger.counts();
  expect({ dnsFailures, dnsChanges }).toEqual({ dnsFailures: 1, dnsChanges: 1 });
});
