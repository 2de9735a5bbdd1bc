// An execution environment of AWS Lambda: the runtime API and the extensions API on a local port, and a runtime process
// that is frozen whenever it waits for the next event.
// https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { type AppProcess, type Ended, startApp } from '../../support/app-process.js';

/** What the runtime has after SIGTERM: https://github.com/aws-samples/graceful-shutdown-with-aws-lambda */
const SHUTDOWN_MILLIS = 300;

const bootstrap = fileURLToPath(new URL('../fixtures/lambda-bootstrap.mjs', import.meta.url));

export class LambdaEnvironment {
  readonly #server: Server;
  readonly #runtime: AppProcess;
  /** Requests for the next event that wait for one. */
  #runtimeNext: ServerResponse | undefined;
  #extensionNext: ServerResponse | undefined;
  #hasExtension = false;
  #answer: unknown;
  #waiting: (() => void)[] = [];

  private constructor(server: Server, handler: string, env: Readonly<Record<string, string>>) {
    this.#server = server.on('request', (request, response) => void this.#serve(request, response));
    const { port } = server.address() as AddressInfo;
    this.#runtime = startApp([bootstrap], {
      env: { ...env, HANDLER: handler, AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${port}` },
    });
  }

  /** Resolves once the module of the handler is loaded, and the process is frozen. */
  static async start(handler: string, env: Readonly<Record<string, string>>): Promise<LambdaEnvironment> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => {
      server.close();
      server.closeAllConnections();
    });
    const environment = new LambdaEnvironment(server, handler, env);
    await environment.#freeze();
    return environment;
  }

  /** Thaws the process for one event; resolves with the handler's answer, once the process is frozen again. */
  async invoke(event: unknown): Promise<unknown> {
    this.#thaw();
    const waiting = this.#runtimeNext;
    this.#runtimeNext = undefined;
    waiting?.writeHead(200, { 'lambda-runtime-aws-request-id': 'one-at-a-time' });
    waiting?.end(JSON.stringify(event));
    await this.#freeze();
    return this.#answer;
  }

  /**
   * Ends the environment. The process gets SIGTERM and a moment if an extension is registered, which gets a SHUTDOWN
   * event; otherwise it is killed at once.
   */
  async shutdown(): Promise<Ended> {
    const { child, ended } = this.#runtime;
    this.#thaw();
    if (this.#hasExtension) {
      child.kill('SIGTERM');
      this.#extensionNext?.end(JSON.stringify({ eventType: 'SHUTDOWN', shutdownReason: 'spindown' }));
      await Promise.race([ended, sleep(SHUTDOWN_MILLIS)]);
    }
    child.kill('SIGKILL');
    return await ended;
  }

  /** Registers an extension and returns the kind of the event for which it has waited. */
  async extension(): Promise<{ readonly nextEvent: Promise<unknown> }> {
    const { port } = this.#server.address() as AddressInfo;
    const api = `http://127.0.0.1:${port}/2020-01-01/extension`;
    const body = JSON.stringify({ events: ['SHUTDOWN'] });
    await fetch(`${api}/register`, { method: 'POST', headers: { 'lambda-extension-name': 'test' }, body });
    const nextEvent = fetch(`${api}/event/next`).then(
      async (response) => JSON.parse(await response.text()).eventType,
    );
    return { nextEvent };
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    switch (`${request.method} ${request.url}`) {
      case 'GET /2018-06-01/runtime/invocation/next':
        this.#runtimeNext = response;
        break;
      case 'POST /2018-06-01/runtime/invocation/one-at-a-time/response':
        this.#answer = JSON.parse(await text(request));
        response.writeHead(202).end();
        break;
      case 'POST /2020-01-01/extension/register':
        this.#hasExtension = true;
        response.writeHead(200).end('{}');
        break;
      case 'GET /2020-01-01/extension/event/next':
        this.#extensionNext = response;
        break;
      default:
        response.writeHead(404).end();
    }
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }

  /** Once the process waits for the next event. Rejects when it has ended. */
  async #freeze(): Promise<void> {
    const failed = this.#runtime.ended.then(({ stderr }) => Promise.reject(new Error(`it ended: ${stderr}`)));
    failed.catch(() => {});
    while (this.#runtimeNext === undefined) {
      await Promise.race([failed, new Promise<void>((resolve) => this.#waiting.push(resolve))]);
    }
    this.#runtime.child.kill('SIGSTOP');
    // proc(5): the state follows the name in parentheses; T is stopped.
    const status = `/proc/${this.#runtime.child.pid}/stat`;
    while (!/\) T/.test(await readFile(status, 'utf8'))) await sleep(1);
  }

  #thaw(): void {
    this.#runtime.child.kill('SIGCONT');
  }
}
