// Takes the pictures of the live page for README.md, light and dark: the real page and server, and five minutes of lines
// of a shop that are received in a moment.
//
//   npm run picture
import { readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createHistoryStores } from '../build/cli/listen/series-history.js';
import { Session } from '../build/cli/listen/session.js';
import { readPage } from '../build/cli/listen/web/page-file.js';
import { startWebServer } from '../build/cli/listen/web/web-server.js';
import { dialects } from '../build/mapping/dialects/index.js';
import { systemClock } from '../build/runtime/clock.js';
import { launchChromium } from './browser/chromium.js';

const SECONDS = 295;
/** Small enough for a README. */
const SIZE = { width: 1280, height: 660 };

const startedAt = systemClock.now();
const clock = { ...systemClock, now: () => SECONDS * 1000 + systemClock.now() - startedAt };
const session = new Session(dialects.dogstatsd, 0, { history: createHistoryStores() });
let datagrams = 0;
let second = 0;
const receive = () => {
  for (; second * 1000 < clock.now(); second += 1) {
    for (const line of linesOf(second, randomFrom(second))) session.receive(line, second * 1000);
    datagrams += 4;
  }
};
receive();
const receiving = setInterval(receive, 100);

const server = await startWebServer({
  address: { host: '127.0.0.1', port: 0 },
  page: readPage((name) => readFileSync(new URL(`../dist/esm/${name}`, import.meta.url))),
  clock,
  state: () => ({
    session,
    counts: {
      datagrams,
      connections: 0,
      cutLines: 0,
      oversizedLines: 0,
      discardedLines: 0,
      refusedConnections: 0,
    },
    endpoint: 'udp://127.0.0.1:8125',
    dialectSource: undefined,
    nowMillis: clock.now(),
  }),
});
const browser = await launchChromium();
for (const colorScheme of ['light', 'dark']) {
  const options = {
    viewport: SIZE,
    colorScheme,
    timezoneId: 'UTC',
    locale: 'en-US',
  };
  const page = await browser.newPage(options);
  await page.clock.setFixedTime('2026-01-15T14:05:00Z');
  await page.goto(server.url);
  await page.getByRole('button', { name: 'route=/checkout' }).first().click();
  await page.locator('#plot canvas').waitFor();
  await page.locator('.trend svg').first().waitFor();
  const path = fileURLToPath(new URL(`../docs/live-page-${colorScheme}.png`, import.meta.url));
  await page.screenshot({ path });
  console.log(`${path}: ${Math.round(statSync(path).size / 1000)} kB`);
}
clearInterval(receiving);
await browser.close();
await server.close();

/** What the shop sends in a second. */
function* linesOf(second, random) {
  const wave = (period, phase = 0) => Math.sin((second / period) * 2 * Math.PI + phase);
  const load = 1.6 + 0.9 * wave(140) + 0.3 * wave(37);
  const routes = { '/': 18, '/cart': 34, '/checkout': 62, '/products/{id}': 25, '/search': 110 };
  for (const [route, millis] of Object.entries(routes)) {
    for (let request = 0; request < 2 * load; request += 1) {
      const slow = second > 190 && second < 225 && route === '/checkout' ? 2.4 : 1;
      const value = millis * slow * (0.6 + 0.25 * load * random() - 0.35 * Math.log(1 - 0.95 * random()));
      const method = route === '/checkout' ? 'POST' : 'GET';
      yield `http.server.request.duration:${value.toFixed(2)}|ms|#http.request.method:${method},http.route:${route},service:shop`;
    }
  }
  for (const [country, share] of Object.entries({ de: 3, fi: 2, se: 1 })) {
    yield `orders:${Math.ceil(share * load * random())}|c|#country:${country},service:shop`;
  }
  yield `queue.length:${Math.max(0, Math.round(14 + 11 * wave(90) + 4 * random()))}|g|#queue:mail,service:shop`;
  yield `nodejs.eventloop.delay.p99:${(9 + 3 * wave(60) + 2 * random()).toFixed(2)}|g|#service:shop`;
  yield `v8js.memory.heap.used:${Math.round(4.1e7 + 1.6e7 * ((second % 45) / 45))}|g|#service:shop`;
  yield `visitors:u${Math.floor(400 * random())}|s|#service:shop`;
  if (second === 120 || second === 200) yield 'legacy.hits 1';
  if (second % 60 === 10) yield 'load:1,5|g';
  if (second % 45 === 20) yield 'api/users:3|c|#service:shop';
}

/** The same numbers in each run (mulberry32). */
function randomFrom(seed) {
  let state = Math.imul(seed + 1, 0x9e3779b1);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
