import { AsyncLocalStorage } from 'node:async_hooks';
import type { LookupFunction } from 'node:net';
import {
  type Context,
  type ContextManager,
  context,
  createContextKey,
  ROOT_CONTEXT,
} from '@opentelemetry/api';
import { isTracingSuppressed } from '@opentelemetry/core';
import { afterEach, beforeEach, expect, it, onTestFinished } from 'vitest';
import { StatsdExporter } from '../../src/index.js';
import { exportOnce, instrument } from '../support/metrics/collect.js';

/** What an app with tracing has: the context follows every asynchronous call. */
class FollowingContext implements ContextManager {
  readonly #storage = new AsyncLocalStorage<Context>();

  active(): Context {
    return this.#storage.getStore() ?? ROOT_CONTEXT;
  }

  with<A extends unknown[], F extends (...args: A) => ReturnType<F>>(
    active: Context,
    run: F,
    thisArg?: ThisParameterType<F>,
    ...args: A
  ): ReturnType<F> {
    return this.#storage.run(active, () => run.apply(thisArg, args));
  }

  bind<T>(_context: Context, target: T): T {
    return target;
  }

  enable(): this {
    return this;
  }

  disable(): this {
    return this;
  }
}

beforeEach(() => void context.setGlobalContextManager(new FollowingContext()));
afterEach(() => context.disable());

const REQUEST = createContextKey('the request that the app is serving');

it.each(['udp', 'tcp'] as const)(
  'every look-up for %s is out of the app’s traces, repeated ones too',
  async (protocol) => {
    const seen: { suppressed: boolean; request: unknown }[] = [];
    let repeated = (): void => {};
    const twice = new Promise<void>((resolve) => {
      repeated = resolve;
    });
    const failingLookup: LookupFunction = (_host, _options, callback) => {
      seen.push({
        suppressed: isTracingSuppressed(context.active()),
        request: context.active().getValue(REQUEST),
      });
      if (seen.length === 2) repeated();
      callback(Object.assign(new Error('no such host'), { code: 'ENOTFOUND' }), []);
    };
    await context.with(ROOT_CONTEXT.setValue(REQUEST, 'GET /'), async () => {
      const exporter = new StatsdExporter({
        endpoint: `${protocol}://statsd.invalid`,
        lookup: failingLookup,
        shutdownTimeoutMillis: 1,
      });
      onTestFinished(() => exporter.shutdown());
      const { meter, collect } = instrument(exporter);
      meter.createCounter('c').add(1);
      await exportOnce(exporter, await collect());
      await twice;
    });
    expect(seen.slice(0, 2)).toEqual([
      { suppressed: true, request: undefined },
      { suppressed: true, request: undefined },
    ]);
  },
);
