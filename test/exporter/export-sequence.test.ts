import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import type { ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { describe, expect, it } from 'vitest';
import { ExportSequence, type ExportSteps } from '../../src/exporter/export-sequence.js';

const MAX_WAITING = 4;

type Pending = {
  readonly asyncAttributesPending: boolean;
  readonly waitForAsyncAttributes?: () => Promise<void>;
};

/** An export known by its number. */
function numbered(number: number, resource: Pending | object = {}): ResourceMetrics {
  return { resource: { attributes: { number }, ...resource }, scopeMetrics: [] } as never;
}

const numberOf = ({ resource }: ResourceMetrics): number => Number(resource.attributes['number']);

function deferred(): { readonly promise: Promise<void>; readonly settle: () => void } {
  let settle = (): void => {};
  const promise = new Promise<void>((resolve) => {
    settle = resolve;
  });
  return { promise, settle };
}

/** A sequence, and what happened in it, in order. Exports end when `release` is settled. */
function start(steps: Partial<ExportSteps> = {}) {
  const happened: string[] = [];
  const release = deferred();
  const sequence = new ExportSequence(
    {
      export: (metrics) => {
        happened.push(`export ${numberOf(metrics)}`);
        return release.promise;
      },
      merge: (metrics) => void happened.push(`merge ${numberOf(metrics)}`),
      ...steps,
    },
    { error: (message) => void happened.push(message) },
  );
  const add = (number: number, resource?: Pending): void =>
    sequence.add(numbered(number, resource), ({ code, error }: ExportResult) => {
      happened.push(`${ExportResultCode[code]} ${number}${error === undefined ? '' : `: ${error.message}`}`);
    });
  return { sequence, happened, release, add };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('exports', () => {
  it('are processed and answered one after the other', async () => {
    const { sequence, happened, release, add } = start();
    for (let number = 1; number <= 3; number += 1) add(number);
    await turn();
    expect(happened).toEqual(['export 1']);
    release.settle();
    await sequence.settled;
    expect(happened).toEqual(['export 1', 'SUCCESS 1', 'export 2', 'SUCCESS 2', 'export 3', 'SUCCESS 3']);
  });

  it(`that wait are at most ${MAX_WAITING}: the oldest is merged at once, and answered`, async () => {
    const { sequence, happened, release, add } = start();
    add(1);
    await turn();
    for (let number = 2; number <= 8; number += 1) add(number);
    await turn();
    expect(happened).toEqual([
      'export 1',
      'merge 2',
      'merge 3',
      'merge 4',
      'SUCCESS 2',
      'SUCCESS 3',
      'SUCCESS 4',
    ]);
    release.settle();
    await sequence.settled;
    const rest = [5, 6, 7, 8].flatMap((number) => [`export ${number}`, `SUCCESS ${number}`]);
    expect(happened.slice(7)).toEqual(['SUCCESS 1', ...rest]);
  });

  it('that wait do not grow with their number, while one never ends', async () => {
    const merged: number[] = [];
    const { happened, add } = start({ merge: (metrics) => void merged.push(numberOf(metrics)) });
    add(0);
    await turn();
    for (let number = 1; number <= 10_000; number += 1) add(number);
    await turn();
    expect([merged.length, happened.filter((what) => what.startsWith('SUCCESS')).length]).toEqual([
      10_000 - MAX_WAITING,
      10_000 - MAX_WAITING,
    ]);
  });

  it('that fail are answered with the reason, merged ones too, and later ones are processed', async () => {
    const { sequence, happened, release, add } = start({
      export: async (metrics) => {
        await release.promise;
        if (numberOf(metrics) === 3) throw 'no room';
      },
      merge: () => {
        throw new Error('too many series');
      },
    });
    add(1);
    await turn();
    for (let number = 2; number <= 6; number += 1) add(number);
    release.settle();
    await sequence.settled;
    expect(happened).toEqual([
      'FAILED 2: too many series',
      'SUCCESS 1',
      'FAILED 3: no room',
      'SUCCESS 4',
      'SUCCESS 5',
      'SUCCESS 6',
    ]);
  });
});

describe('exports whose resource is pending', () => {
  it('wait for it, and are merged in their order when too many wait', async () => {
    const known = deferred();
    const pending: Pending = { asyncAttributesPending: true, waitForAsyncAttributes: () => known.promise };
    const { sequence, happened, release, add } = start();
    release.settle();
    for (let number = 1; number <= 6; number += 1) add(number, pending);
    await turn();
    expect(happened).toEqual(['merge 1', 'merge 2', 'SUCCESS 1', 'SUCCESS 2']);
    known.settle();
    await sequence.settled;
    expect(happened.slice(4)).toEqual([3, 4, 5, 6].flatMap((at) => [`export ${at}`, `SUCCESS ${at}`]));
  });

  it('do not wait when it is known, or cannot be waited for', async () => {
    const { sequence, happened, release, add } = start();
    release.settle();
    add(1, { asyncAttributesPending: false, waitForAsyncAttributes: () => expect.unreachable() });
    add(2, { asyncAttributesPending: true });
    await sequence.settled;
    expect(happened).toEqual(['export 1', 'SUCCESS 1', 'export 2', 'SUCCESS 2']);
  });

  it('fail when that fails', async () => {
    const pending: Pending = {
      asyncAttributesPending: true,
      waitForAsyncAttributes: () => Promise.reject(new Error('no metadata service')),
    };
    const { sequence, happened, release, add } = start();
    release.settle();
    add(1, pending);
    add(2);
    await sequence.settled;
    expect(happened).toEqual(['FAILED 1: no metadata service', 'export 2', 'SUCCESS 2']);
  });
});

it('a closed sequence answers that the exporter is shut down', async () => {
  const { sequence, happened, add } = start();
  sequence.close();
  add(1);
  await sequence.settled;
  expect(happened).toEqual(['FAILED 1: the exporter is shut down']);
});

it('a callback that throws is logged, and later exports are processed', async () => {
  const { sequence, happened, release, add } = start();
  release.settle();
  sequence.add(numbered(1), () => {
    throw new Error('of the app');
  });
  add(2);
  await sequence.settled;
  expect(happened).toEqual(['export 1', 'the result callback of export() threw', 'export 2', 'SUCCESS 2']);
});
