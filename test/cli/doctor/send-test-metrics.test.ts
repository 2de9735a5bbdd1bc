import { isDeepStrictEqual } from 'node:util';
import { expect, it } from 'vitest';
import { sendTestMetrics } from '../../../src/cli/doctor/send-test-metrics.js';
import { testMetrics } from '../../../src/cli/doctor/test-metrics.js';
import { configurationOf } from '../../../src/cli/shared/configuration.js';
import { type Clock, systemClock } from '../../../src/runtime/clock.js';
import { startUdpServer, unusedUdpPort } from '../../support/receivers/udp-server.js';

it('sending the test metrics waits half a second for the refusal of a datagram', async () => {
  const server = await startUdpServer();
  let waitedMillis = 0;
  const waits: unknown[] = [];
  const clock: Clock = {
    now: systemClock.now,
    after(delayMillis, callback, options) {
      waitedMillis += delayMillis;
      waits.push(options);
      setImmediate(callback);
      return { cancel() {} };
    },
  };
  const configuration = await configurationOf({ endpoint: `udp://127.0.0.1:${server.port}` }, {});
  const { writtenLines, udpRefused } = await sendTestMetrics(
    configuration,
    testMetrics({}, new Date(0)),
    clock,
  );
  expect({ writtenLines, udpRefused, isPatient: waitedMillis >= 500 }).toEqual({
    writtenLines: 3,
    udpRefused: 0,
    isPatient: true,
  });
  // The command would end before its answer.
  expect(waits.filter((options) => !isDeepStrictEqual(options, { holdProcess: true }))).toEqual([]);
  expect(await server.drain()).toEqual([
    'otel_statsd.doctor.probe.tag:1|c\notel_statsd.doctor.duration:250|ms\notel_statsd.doctor.duration.sum:250|c\n',
  ]);
});

it('the refusal of a datagram ends the wait', async () => {
  let waitedMillis = 0;
  const clock: Clock = {
    now: systemClock.now,
    after(delayMillis, callback) {
      waitedMillis += delayMillis;
      // Each wait is a turn of the event loop, in which a refusal is read.
      return systemClock.after(5, callback, { holdProcess: true });
    },
  };
  const configuration = await configurationOf({ endpoint: `udp://127.0.0.1:${await unusedUdpPort()}` }, {});
  const { udpRefused } = await sendTestMetrics(configuration, testMetrics({}, new Date(0)), clock);
  expect([udpRefused > 0, waitedMillis < 500]).toEqual([true, true]);
});
