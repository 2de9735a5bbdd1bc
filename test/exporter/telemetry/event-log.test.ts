import { expect, it } from 'vitest';
import { EventLog, type ExporterEvent } from '../../../src/exporter/telemetry/event-log.js';

const event: ExporterEvent = { kind: 'outage', cause: 'reset', level: 'warn', message: 'cannot deliver' };

it('an event goes to the log by its level and to onEvent as it is', () => {
  const calls: unknown[] = [];
  const logger = {
    info: (text: string) => calls.push(['info', text]),
    warn: (text: string) => calls.push(['warn', text]),
    error: (text: string) => calls.push(['error', text]),
  };
  const log = new EventLog(logger, (received) => calls.push(received));
  log.emit(event);
  log.emit({ kind: 'recovered', outageMillis: 1, level: 'info', message: 'delivering again' });
  log.warn('a variable is ignored');
  expect(calls).toEqual([
    ['warn', 'cannot deliver'],
    event,
    ['info', 'delivering again'],
    { kind: 'recovered', outageMillis: 1, level: 'info', message: 'delivering again' },
    ['warn', 'a variable is ignored'],
    { kind: 'warning', level: 'warn', message: 'a variable is ignored' },
  ]);
});

it('a logger that throws neither stops the exporter nor keeps the event from onEvent', () => {
  const fail = (): never => {
    throw new Error('no log');
  };
  const events: ExporterEvent[] = [];
  const failing = new EventLog({ info: fail, warn: fail, error: fail }, (received) => {
    events.push(received);
    throw new Error('no alert');
  });
  failing.emit(event);
  expect(events).toEqual([event]);
});

it.each([
  [
    'throws',
    () => {
      throw new Error('no alert');
    },
  ],
  ['rejects', () => Promise.reject(new Error('no alert'))],
])('an onEvent that %s is logged as an error', async (_how, onEvent) => {
  const errors: unknown[] = [];
  const none = (): void => {};
  const log = new EventLog({ info: none, warn: none, error: (...all) => errors.push(all) }, onEvent);
  log.emit(event);
  await Promise.resolve();
  expect(errors).toEqual([['onEvent threw or rejected', new Error('no alert')]]);
});

it('without onEvent an event is logged alone', () => {
  const logged: string[] = [];
  const say = (text: string): void => void logged.push(text);
  new EventLog({ info: say, warn: say, error: say }, undefined).emit(event);
  expect(logged).toEqual(['cannot deliver']);
});
