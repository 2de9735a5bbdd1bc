// The decorator called as a function. What compilers make of it is in compiled.test.ts.
import { type Histogram, type Meter, metrics } from '@opentelemetry/api';
import { afterEach, describe, expect, it } from 'vitest';
import { metered, type RateMeter } from '../../src/instrument.js';
import { sdk } from './support/sdk.js';

afterEach(() => metrics.disable());

describe('metered', () => {
  it('gives each subclass instruments of its own, and a base class that records nothing none', async () => {
    const { meter, points } = sdk();
    class Handler {
      declare readonly requests: { add(value: number): void };
      declare static readonly requests: { add(value: number): void };
    }
    metered(
      { requests: { type: 'counter', name: 'my.{class}.requests', unit: '{request}' } },
      meter,
    )(Handler);
    class Login extends Handler {}
    class Logout extends Handler {}
    new Login().requests.add(1);
    Login.requests.add(1);
    new Logout().requests.add(5);
    expect(await points()).toEqual([
      ['my.Login.requests', '{request}', [[{}, 2]]],
      ['my.Logout.requests', '{request}', [[{}, 5]]],
    ]);
  });

  it('works for a base class that records, and for an abstract one', async () => {
    const { meter, points } = sdk();
    abstract class Job {}
    const Metered = metered({ runs: { type: 'counter', name: '{class}.runs' } }, meter)(Job);
    class Nightly extends Metered {}
    Metered.runs.add(1);
    Nightly.runs.add(2);
    expect(await points()).toEqual([
      ['Job.runs', '', [[{}, 1]]],
      ['Nightly.runs', '', [[{}, 2]]],
    ]);
  });

  it('returns the class itself and the same instrument each time', () => {
    const { meter } = sdk();
    class Handler {}
    const Metered = metered({ latency: { type: 'histogram', name: 'latency' } }, meter)(Handler);
    const instance: { readonly latency?: Histogram } = new Metered();
    expect(Metered).toBe(Handler);
    expect(instance.latency).toBe(Metered.latency);
    expect(Metered.latency).toBe(Metered.latency);
  });

  it('makes every kind of instrument', async () => {
    const { meter, points } = sdk();
    const Metered = metered(
      {
        counter: { type: 'counter', name: '{class}.counter' },
        upDown: { type: 'upDownCounter', name: '{class}.upDown' },
        gauge: { type: 'gauge', name: '{class}.gauge' },
        histogram: { type: 'histogram', name: '{class}.histogram', unit: 's' },
        rate: { type: 'rateMeter', name: '{class}.rate', suffixes: { total: '.total' } },
      },
      meter,
    )(class All {});
    Metered.counter.add(1);
    Metered.upDown.add(-1);
    Metered.gauge.record(7);
    Metered.histogram.record(0.5);
    const rate: RateMeter = Metered.rate;
    rate.mark(3);
    const names = (await points()).map(([name, unit]) => [name, unit]);
    expect(names).toEqual([
      ['All.counter', ''],
      ['All.gauge', ''],
      ['All.histogram', 's'],
      ['All.rate.m15_rate', '1/s'],
      ['All.rate.m1_rate', '1/s'],
      ['All.rate.m5_rate', '1/s'],
      ['All.rate.total', ''],
      ['All.upDown', ''],
    ]);
  });

  it('asks its meter for the kind of instrument that is stated, under the name of this package by default', () => {
    const asked: unknown[] = [];
    const kinds = ['createCounter', 'createUpDownCounter', 'createGauge', 'createHistogram'];
    const meter = Object.fromEntries(kinds.map((kind) => [kind, (name: string) => asked.push([kind, name])]));
    metrics.setGlobalMeterProvider({
      getMeter(name) {
        asked.push(name);
        return meter as unknown as Meter;
      },
    });
    const All = metered({
      a: { type: 'counter', name: 'a' },
      b: { type: 'upDownCounter', name: 'b' },
      c: { type: 'gauge', name: 'c' },
      d: { type: 'histogram', name: 'd' },
    })(class {});
    const scope = 'opentelemetry-exporter-statsd/instrument';
    expect([All.a, All.b, All.c, All.d].length).toBe(4);
    expect({ asked, enumerable: Object.keys(All) }).toEqual({
      asked: kinds.flatMap((kind, index) => [scope, [kind, 'abcd'[index]]]),
      enumerable: [],
    });
  });

  it('gets its meter on first use, by default from the global provider', async () => {
    const { provider, points } = sdk();
    const Early = metered({ runs: { type: 'counter', name: '{class}.runs' } })(class Early {});
    const Own = metered({ runs: { type: 'counter', name: '{class}.runs' } }, () => metrics.getMeter('own'))(
      class Own {},
    );
    metrics.setGlobalMeterProvider(provider);
    Early.runs.add(1);
    Own.runs.add(2);
    expect(await points()).toEqual([
      ['Early.runs', '', [[{}, 1]]],
      ['Own.runs', '', [[{}, 2]]],
    ]);
  });

  it('makes legal names of any class', async () => {
    const { meter, points } = sdk();
    const decorate = metered({ runs: { type: 'counter', name: 'a.{class}.b.{class}' } }, meter);
    const anonymous = decorate((() => class {})());
    const odd = decorate({ '$tür#1': class {} }['$tür#1']);
    anonymous.runs.add(1);
    odd.runs.add(1);
    expect((await points()).map(([name]) => name)).toEqual(['a._t_r_1.b._t_r_1', 'a.anonymous.b.anonymous']);
  });

  it.each([
    ['{klass}', '{klass}'],
    ['a.{class', '{class'],
    ['a}', '}'],
  ])('refuses the name %s', (name, part) => {
    expect(() => metered({ runs: { type: 'counter', name } })).toThrow(
      new TypeError(`metered: the name "${name}" has "${part}"; only {class} can be filled in`),
    );
  });

  it('is not hidden by a static field without a value', () => {
    const { meter } = sdk();
    const initialisers: (() => void)[] = [];
    const context = {
      kind: 'class',
      name: 'Handler',
      metadata: {},
      addInitializer: (initialiser: () => void) => void initialisers.push(initialiser),
    } as const;
    class Handler {}
    const Metered = metered({ runs: { type: 'counter', name: '{class}.runs' } }, meter)(Handler, context);
    Object.defineProperty(Handler, 'runs', { value: undefined, writable: true, configurable: true });
    for (const initialise of initialisers) initialise();
    expect(typeof Metered.runs?.add).toBe('function');
  });

  it('can be read on the prototype and on objects without a constructor', async () => {
    const { meter, points } = sdk();
    class Handler {
      declare readonly runs: { add(value: number): void };
    }
    metered({ runs: { type: 'counter', name: '{class}.runs' } }, meter)(Handler);
    Handler.prototype.runs.add(1);
    const denying: Handler = Object.create(Handler.prototype, { constructor: { value: undefined } });
    denying.runs.add(1);
    expect(await points()).toEqual([['Handler.runs', '', [[{}, 2]]]]);
  });
});
