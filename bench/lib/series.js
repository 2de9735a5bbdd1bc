// The series that all sections measure: those of a web service, with four attributes each. Two thirds of the
// instruments are counters, the others gauges.

/** The SDK keeps at most 2000 attribute sets per instrument. */
export const SERIES_PER_INSTRUMENT = 1000;

const METHODS = ['GET', 'PUT', 'POST', 'PATCH', 'DELETE'];
const STATUSES = [200, 201, 404, 500];
const ROUTES = Array.from(
  { length: 50 },
  (_, index) =>
    `/api/v1/${['orders', 'customers', 'parcels', 'invoices', 'returns'][index % 5]}/{id}/part-${index}`,
);
const HOSTS = Array.from({ length: 20 }, (_, index) => `web-${index + 1}.eu-west-1.example.internal`);

export function isCounter(instrument) {
  return instrument % 3 !== 2;
}

export function instrumentName(instrument) {
  return `shop.http.server.${isCounter(instrument) ? 'requests' : 'load'}.${String(instrument).padStart(3, '0')}`;
}

/** A new object at each call, as instrumented code makes one; no two series of an instrument are alike. */
export function attributesOf(series) {
  return {
    'http.route': ROUTES[series % 50],
    'http.request.method': METHODS[series % 5],
    'http.response.status_code': STATUSES[series % 4],
    'server.address': HOSTS[Math.floor(series / 50) % 20],
  };
}

/** Whole numbers for counters; half of the gauges have all the digits of a random number, half have two decimals. */
export function randomValue(instrument, random) {
  if (isCounter(instrument)) return 1 + Math.floor(random() * 999);
  const value = 1 + random() * 99;
  return random() < 0.5 ? value : Math.round(value * 100) / 100;
}
