// The client side of statsd's admin interface (lib/mgmt_server.js of statsd 0.9.0): one command per connection,
// answered with `util.inspect` text of a plain object and a line `END`.
import { connect } from 'node:net';

const END = 'END\n\n';

/**
 * @param {{ host: string, port: number, timeoutMillis: number }} address
 * @param {'counters' | 'gauges' | 'timers'} command
 * @returns {Promise<Record<string, number | number[]>>}
 */
export function askAdmin({ host, port, timeoutMillis }, command) {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(port, host, () => socket.write(`${command}\n`));
    socket.setEncoding('utf8');
    socket.setTimeout(timeoutMillis, () =>
      socket.destroy(new Error(`statsd's admin port did not answer "${command}" in ${timeoutMillis} ms`)),
    );
    socket.on('data', (chunk) => {
      answer += chunk;
      if (!answer.endsWith(END)) return;
      socket.end();
      try {
        resolve(parseInspected(answer.slice(0, -END.length)));
      } catch (error) {
        reject(error);
      }
    });
    socket.on('error', reject);
    socket.on('close', () => reject(new Error(`statsd's admin port hung up in its answer to "${command}"`)));
  });
}

// A quoted name, or a bare name or number. Names hold only what sanitizeKeyName in stats.js leaves of them, so none
// contains a quote or a backslash.
const TOKEN = /'([^'\\]*)'|[^\s{}[\],:']+/g;

/**
 * Reads what `util.inspect` prints of an object of numbers and arrays of numbers: with every name and number in double
 * quotes it is JSON. Whatever is not, above all an elision (`... 5 more items`), throws: half an answer is no answer.
 *
 * @param {string} text
 * @returns {Record<string, number | number[]>}
 */
export function parseInspected(text) {
  const entries = JSON.parse(text.replace(TOKEN, (token, quoted) => JSON.stringify(quoted ?? token)));
  return Object.fromEntries(
    Object.entries(entries).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.map(toNumber) : toNumber(value),
    ]),
  );
}

/** @param {string} text */
function toNumber(text) {
  const number = Number(text);
  if (Number.isNaN(number) && text !== 'NaN') throw new SyntaxError(`not a number: ${text}`);
  return number;
}
