// What can happen to the server of the soak. Each fault is over when its promise resolves; the server is there again.

const sleep = (millis) => new Promise((resolve) => setTimeout(resolve, millis));

const FAULTS = {
  async kill(server) {
    await server.kill();
    await server.start();
  },
  async restart(server) {
    await server.end();
    await server.start();
  },
  async stall(server, random) {
    server.signal('SIGSTOP');
    await sleep(1_000 + random() * 4_000);
    server.signal('SIGCONT');
  },
  async 'stall and kill'(server, random) {
    server.signal('SIGSTOP');
    await sleep(1_000 + random() * 1_000);
    await server.kill();
    await server.start();
  },
  async reset(server) {
    server.tell('reset');
  },
  async 'accept and close'(server) {
    server.tell('close-next');
  },
  async absence(server) {
    await server.kill();
    await sleep(10_000);
    await server.start();
  },
};

/** Of faults that take long there are fewer, so that most of the time something arrives. */
const WEIGHTS = {
  kill: 6,
  restart: 4,
  stall: 2,
  'stall and kill': 2,
  reset: 6,
  'accept and close': 4,
  absence: 1,
};

/** Lets one of them happen; answers which. */
export async function breakNow(server, random) {
  let left = random() * Object.values(WEIGHTS).reduce((sum, weight) => sum + weight, 0);
  for (const [name, weight] of Object.entries(WEIGHTS)) {
    left -= weight;
    if (left > 0) continue;
    await FAULTS[name](server, random);
    return name;
  }
  throw new Error('random() is below 1');
}
