// examples/lambda in an execution environment that is frozen between invocations, and killed.
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { needs } from '../support/platform.js';
import { startTcpServer, type TcpServer } from '../support/receivers/stream-server.js';
import { LambdaEnvironment } from './support/lambda-environment.js';

needs('signals', '/proc');

const example = fileURLToPath(new URL('../../examples/lambda/main.js', import.meta.url));
const fixture = (name: string) => fileURLToPath(new URL(`fixtures/${name}`, import.meta.url));

const order = (...items: string[]) => ({ items });

async function start(handler = example) {
  const server = await startTcpServer();
  const environment = await LambdaEnvironment.start(handler, { ENDPOINT: `tcp://127.0.0.1:${server.port}` });
  return { server, environment };
}

/** Of fixtures/unflushed-handler.mjs. */
const CONFIRM_TIMEOUT_MILLIS = 1_000;

const ordersIn = ({ lines }: TcpServer): number =>
  lines.reduce((sum, line) => sum + Number(/orders:(\d+)\|c$/.exec(line)?.[1] ?? 0), 0);

describe('a Lambda function', () => {
  test('has delivered what an invocation recorded when it is frozen, and holds no connection', async () => {
    const { server, environment } = await start();

    expect(await environment.invoke(order('book', 'lamp'))).toEqual({ statusCode: 201 });
    expect(server.lines).toEqual(['lambda.checkout.orders:2|c', 'lambda.checkout.cold_starts:1|c']);
    await server.gotEnd(server.connections);

    expect(await environment.invoke(order('chair'))).toEqual({ statusCode: 201 });
    expect(server.lines.slice(2)).toEqual(['lambda.checkout.orders:1|c']);
  });

  test('loses nothing when it is killed while it is frozen', async () => {
    const { server, environment } = await start();
    for (const items of [['book'], ['lamp', 'chair'], ['desk']]) await environment.invoke(order(...items));

    expect(await environment.shutdown()).toMatchObject({ signal: 'SIGKILL', stderr: '' });
    expect(ordersIn(server)).toBe(4);
  });

  test('delivers on when its server was replaced while it was frozen', async () => {
    const { server, environment } = await start();
    await environment.invoke(order('book'));
    await server.stop();
    await server.restart();
    await environment.invoke(order('lamp'));

    expect(ordersIn(server)).toBe(2);
  });

  test('answers when its server is away, and sends what it recorded with the next invocation', async () => {
    const { server, environment } = await start();
    await environment.invoke(order('book'));
    await server.stop();
    expect(await environment.invoke(order('lamp', 'chair'))).toEqual({ statusCode: 201 });
    expect(ordersIn(server)).toBe(1);
    await server.restart();
    await environment.invoke(order('desk'));

    expect(ordersIn(server)).toBe(4);
  });

  test('sends what is left on the SIGTERM that comes with the shutdown event of an extension', async () => {
    const { server, environment } = await start();
    const { nextEvent } = await environment.extension();
    await server.stop();
    await environment.invoke(order('lamp', 'chair'));
    await server.restart();
    const ended = await environment.shutdown();

    expect([await nextEvent, ended.signal, ended.stderr]).toEqual(['SHUTDOWN', 'SIGTERM', '']);
    expect(ordersIn(server)).toBe(2);
  });

  test('over a persistent connection that broke while it was frozen, delivers over a new one', async () => {
    const { server, environment } = await start(fixture('persistent-handler.mjs'));
    await environment.invoke(order('book'));
    await server.stop();
    await server.restart();
    await environment.invoke(order('lamp', 'chair'));

    expect(ordersIn(server)).toBe(3);
  });

  test('takes an answer that came while it was frozen for an answer, although its deadline has passed', async () => {
    const { server, environment } = await start(fixture('unflushed-handler.mjs'));
    let answer = () => {};
    server.onConnection = (socket) => {
      socket.allowHalfOpen = true;
      server.read(socket);
      answer = () => socket.end();
    };
    await environment.invoke({ items: ['book'], flushes: false });
    answer();
    await sleep(CONFIRM_TIMEOUT_MILLIS * 1.2);
    server.onConnection = (socket) => server.read(socket);
    const maybeDuplicatedLines = await environment.invoke({ items: ['lamp'], flushes: true });

    expect({ orders: ordersIn(server), maybeDuplicatedLines }).toEqual({
      orders: 2,
      maybeDuplicatedLines: 0,
    });
  });
});
