// What the fragments of docs/instrument.md use and do not make.
import type { Histogram as ApiHistogram, Counter, Meter, UpDownCounter } from '@opentelemetry/api';
import type * as sdk from '@opentelemetry/sdk-metrics';
import type * as helpers from '../../../src/instrument.js';

declare global {
  type Histogram = ApiHistogram;
  type Basket = readonly string[];
  const MetricReader: typeof sdk.MetricReader;
  const MeterProvider: typeof sdk.MeterProvider;
  const time: typeof helpers.time;
  const timed: typeof helpers.timed;
  const startTimer: typeof helpers.startTimer;
  const countExceptions: typeof helpers.countExceptions;
  const counted: typeof helpers.counted;
  const trackInProgress: typeof helpers.trackInProgress;
  const inProgress: typeof helpers.inProgress;
  const createRateMeter: typeof helpers.createRateMeter;
  const metered: typeof helpers.metered;
  const snapshot: typeof helpers.snapshot;

  const meter: Meter;
  const duration: ApiHistogram;
  const failures: Counter;
  const active: UpDownCounter;
  const exportingReader: sdk.MetricReader;

  class CardDeclined extends Error {}
  class NetworkError extends Error {}
  function buy(basket: Basket): Promise<void>;
  function charge(amount: number): Promise<void>;
  function fetchOrder(id: string): Promise<{ readonly id: string }>;
  function kindOf(id: string): string;
  function store(file: { readonly kind: string }): Promise<void>;
  const client: { query(text: string): Promise<readonly object[]> };
  const app: {
    get(path: string, handle: (request: object, response: { json(body: object): void }) => void): void;
  };
}
