// Lines that are longer than a usual datagram, over UDP.
import { expect, test } from 'vitest';
import { type ExporterEvent, StatsdExporter, type StatsdExporterOptions } from '../../src/index.js';
import { exportOnce, instrument, SUCCESS } from '../support/metrics/collect.js';
import { startUdpReceiver, type UdpReceiver } from '../support/receivers/udp-receiver.js';

/** With a line of more than 1,500 bytes. */
const LONG = Object.fromEntries(Array.from({ length: 15 }, (_, index) => [`tag${index}`, 'x'.repeat(100)]));

interface Sent {
  readonly receiver: UdpReceiver;
  readonly exporter: StatsdExporter;
  readonly events: ExporterEvent[];
}

/** Exports short counters around a long one, several times. */
async function send(options: StatsdExporterOptions, exports = 1): Promise<Sent> {
  const receiver = await startUdpReceiver();
  const events: ExporterEvent[] = [];
  const exporter = new StatsdExporter({
    port: receiver.port,
    dialect: 'dogstatsd',
    onEvent: (event) => events.push(event),
    ...options,
  });
  const { meter, collect } = instrument(exporter);
  for (let count = 0; count < exports; count += 1) {
    meter.createCounter('first').add(1);
    meter.createCounter('long').add(1, LONG);
    meter.createCounter('last').add(1);
    expect(await exportOnce(exporter, await collect())).toEqual(SUCCESS);
  }
  await exporter.forceFlush();
  return { receiver, exporter, events };
}

test('a long line is sent as a datagram by itself', async () => {
  const { receiver, exporter, events } = await send({});
  await receiver.waitForLines(3);
  await exporter.shutdown();
  expect(receiver.datagrams.map((text) => text.split(/[:|]/)[0])).toEqual(['first', 'long', 'last']);
  expect([receiver.datagrams[1]!.length > 1_500, exporter.stats().droppedLines, events]).toEqual([
    true,
    {},
    [],
  ]);
});

test('a long line is dropped where maxPayloadBytes is given, which is told once with metric and limit', async () => {
  const { receiver, exporter, events } = await send({ maxPayloadBytes: 1_432 }, 3);
  await receiver.waitForLines(6);
  expect(events).toEqual([
    {
      kind: 'lines-dropped',
      reason: 'too_large',
      lines: 1,
      metric: 'long',
      bytes: expect.any(Number),
      limitBytes: 1_432,
      level: 'warn',
      message: expect.stringMatching(
        /^1 line of metric "long" dropped, .* of 1432 bytes, which is maxPayloadBytes/,
      ),
    },
  ]);
  await exporter.shutdown();
  expect([exporter.stats().droppedLines, events.map((event) => 'lines' in event && event.lines)]).toEqual([
    { too_large: 3 },
    [1, 2],
  ]);
});
