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
