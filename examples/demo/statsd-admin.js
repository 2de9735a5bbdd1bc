// The client side of statsd's admin interface (lib/mgmt_server.js of statsd 0.9.0): one command a connection,
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

// Punctuation, a name in any of the three quotes util.inspect chooses from, or a bare name or number.
const TOKEN = /\s*(?:([{}[\],:])|(['"`])((?:\\.|(?!\2)[^\\])*)\2|([\w$.+-]+))/y;

/**
 * Reads what `util.inspect` prints of an object of numbers and arrays of numbers.
 * Anything else, above all an elision such as `... 5 more items`, throws: half an answer is no answer.
 *
 * @param {string} text
 * @returns {Record<string, number | number[]>}
 */
export function parseInspected(text) {
  let position = 0;

  function fail() {
    throw new SyntaxError(`not an object of numbers, at "${text.slice(position, position + 40)}"`);
  }
  function next() {
    TOKEN.lastIndex = position;
    const match = TOKEN.exec(text);
    if (match === null) return fail();
    const [, punctuation, quote, quoted, bare] = match;
    const accept = () => {
      position = TOKEN.lastIndex;
    };
    return { punctuation, bare, name: quote === undefined ? bare : unescape(quoted), accept, end: TOKEN.lastIndex };
  }
  function take(...allowed) {
    const token = next();
    if (!allowed.includes(token.punctuation)) fail();
    position = token.end;
    return token.punctuation;
  }
  function isNext(punctuation) {
    return next().punctuation === punctuation;
  }
  function takeNumber() {
    const { bare, end } = next();
    const number = Number(bare);
    if (bare === undefined || (Number.isNaN(number) && bare !== 'NaN')) fail();
    position = end;
    return number;
  }
  /** Items between `open` and `close`, parted by commas. */
  function takeList(open, close, takeItem) {
    const items = [];
    take(open);
    if (isNext(close)) {
      take(close);
      return items;
    }
    do items.push(takeItem());
    while (take(',', close) === ',');
    return items;
  }
  function takeEntry() {
    const { name, end } = next();
    if (name === undefined) fail();
    position = end;
    take(':');
    return [name, isNext('[') ? takeList('[', ']', takeNumber) : takeNumber()];
  }

  const entries = takeList('{', '}', takeEntry);
  if (text.slice(position).trim() !== '') fail();
  return Object.fromEntries(entries);
}
