// Steady traffic over kept-alive connections, a fixed mix of requests at a fixed rate.
import { Agent, request } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';

const REQUESTS_PER_SECOND = 300;
const TICK_MILLIS = 10;

// Of ten requests three are answered with 200 and with 201, two with 404 and with 500. At this rate none reaches 101 a second.
const MIX = [
  ['GET', '/'],
  ['GET', '/'],
  ['GET', '/report'],
  ['POST', '/orders'],
  ['POST', '/orders'],
  ['POST', '/orders'],
  ['GET', '/missing'],
  ['GET', '/missing'],
  ['GET', '/broken'],
  ['GET', '/broken'],
];
// Coprime to the length of the mix: spreads each kind evenly over the run.
const STRIDE = 7;

/**
 * @param {number} port
 * @param {number} total
 * @param {(answered: number) => void} onProgress
 */
export async function sendTraffic(port, total, onProgress) {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const startedAt = performance.now();
  const pending = [];
  let answered = 0;
  let failure;
  try {
    while (pending.length < total && failure === undefined) {
      const due = Math.min(total, Math.ceil(((performance.now() - startedAt) / 1000) * REQUESTS_PER_SECOND));
      while (pending.length < due) {
        const [method, path] = MIX[(pending.length * STRIDE) % MIX.length];
        pending.push(
          send(agent, port, method, path).then(
            () => onProgress(++answered),
            (error) => {
              failure ??= error;
            },
          ),
        );
      }
      await wait(TICK_MILLIS);
    }
    await Promise.all(pending);
    if (failure !== undefined)
      throw new Error(`The traffic broke off: ${failure.message}`, { cause: failure });
  } finally {
    agent.destroy();
  }
}

function send(agent, port, method, path) {
  return new Promise((resolve, reject) => {
    request({ agent, host: '127.0.0.1', port, method, path }, (response) => {
      response.resume().on('end', resolve).on('error', reject);
    })
      .on('error', reject)
      .end();
  });
}
