// A small export with one metric of each kind, in OTLP's JSON.

const attribute = (key: string, stringValue: string) => ({ key, value: { stringValue } });
const times = { startTimeUnixNano: '1700000000000000000', timeUnixNano: '1700000010000000000' };
const DELTA = 1;
const CUMULATIVE = 2;

export const SAMPLE_EXPORT = {
  resourceMetrics: [
    {
      resource: { attributes: [attribute('service.name', 'shop')] },
      scopeMetrics: [
        {
          scope: { name: 'shop' },
          metrics: [
            {
              name: 'orders',
              sum: {
                aggregationTemporality: DELTA,
                isMonotonic: true,
                dataPoints: [
                  {
                    ...times,
                    asInt: '3',
                    attributes: [attribute('country', 'fi'), attribute('payment.method', 'card')],
                  },
                ],
              },
            },
            {
              name: 'queue.length',
              sum: {
                aggregationTemporality: CUMULATIVE,
                isMonotonic: false,
                dataPoints: [{ ...times, asInt: '7', attributes: [] }],
              },
            },
            {
              name: 'room.temperature',
              unit: 'Cel',
              gauge: {
                dataPoints: [{ ...times, asDouble: -4.5, attributes: [attribute('room', 'cold store')] }],
              },
            },
            {
              name: 'http.server.request.duration',
              unit: 's',
              exponentialHistogram: {
                aggregationTemporality: DELTA,
                dataPoints: [
                  {
                    ...times,
                    attributes: [
                      attribute('http.request.method', 'GET'),
                      attribute('http.route', '/cart'),
                      { key: 'http.response.status_code', value: { intValue: '200' } },
                    ],
                    count: '2',
                    sum: 0.3125,
                    min: 0.0625,
                    max: 0.25,
                    scale: 2,
                    zeroCount: '0',
                    positive: { offset: -17, bucketCounts: ['1', '0', '0', '0', '0', '0', '0', '0', '1'] },
                  },
                ],
              },
            },
          ],
        },
      ],
    },
  ],
};
