// Sets what the apps measured in an interval against what the daemons report of it. Pure. The contract is in compare.d.ts.

const REQUESTS = 'shop.http.server.request.duration.';

/** By the name on the daemons: how the apps' records add up, and what the daemons say. */
const SERIES = [
  {
    label: 'requests, POST 201',
    name: `${REQUESTS}POST.none.201`,
    ofApp: ({ requests }) => requests['POST 201'] ?? 0,
    ofDaemon: countOf,
  },
  {
    label: 'requests, GET 404',
    name: `${REQUESTS}GET.none.404`,
    ofApp: ({ requests }) => requests['GET 404'] ?? 0,
    ofDaemon: countOf,
  },
  {
    label: 'orders, book',
    name: 'shop.orders.kind.book',
    ofApp: ({ orders }) => orders.book ?? 0,
    ofDaemon: counterOf,
  },
  {
    label: 'orders, lamp',
    name: 'shop.orders.kind.lamp',
    ofApp: ({ orders }) => orders.lamp ?? 0,
    ofDaemon: counterOf,
  },
  {
    label: 'order values, sum',
    name: 'shop.order.value.sum',
    ofApp: ({ orderValues }) => orderValues.reduce((sum, value) => sum + value, 0),
    ofDaemon: counterOf,
  },
];

function counterOf({ counters }, name) {
  return counters[name] ?? 0;
}

function countOf({ timerData }, name) {
  return timerData[name]?.count ?? 0;
}

export function compareInterval({ measured, before, flushes, lossOf = new Set() }) {
  const totals = SERIES.map(({ label, name, ofApp, ofDaemon }) => ({
    label,
    app: sum(measured.map(ofApp)) - sum(before?.map(ofApp) ?? []),
    statsd: sum(flushes.map((flush) => ofDaemon(flush, name))),
    isLost: lossOf.has(name),
    lost: 0,
  }));
  // A gauge is a value, not an increase: each host has a series of its own.
  const gauges = measured.map(({ stock }, index) => {
    const name = `shop.stock.instance.host${index + 1}`;
    return {
      label: `stock, host${index + 1}`,
      app: stock,
      statsd: flushes.map((flush) => flush.gauges[name]).find((value) => value !== undefined),
      isLost: lossOf.has(name),
      lost: undefined,
    };
  });
  return [...totals, ...gauges].map(toRow);
}

function toRow({ label, app, statsd, isLost, lost }) {
  return {
    label,
    app: whole(app),
    statsd: whole(statsd),
    difference: statsd === undefined ? 'missing' : whole(statsd - app),
    agreement: agreement(statsd === (isLost ? lost : app), isLost),
  };
}

function agreement(isRight, isLost) {
  if (!isRight) return 'off';
  return isLost ? 'near' : 'equal';
}

export function verdictOn(sections) {
  const wrong = sections.flatMap(({ title, rows }) =>
    rows.filter(({ agreement }) => agreement === 'off').map(({ label }) => `${title}: ${label}`),
  );
  if (wrong.length > 0) return { agrees: false, verdict: `These figures differ: ${wrong.join('; ')}.` };
  return {
    agrees: true,
    verdict: 'Every series is exact but those of the dead daemon until the proxy noticed.',
  };
}

function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0);
}

function whole(value) {
  return value === undefined ? '–' : value.toLocaleString('en-GB');
}
