// The HTTP server of the page: the page itself, a stream of changes, and the points over time of single series.

import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Clock, Timer } from '../../../runtime/clock.js';
import { singleStep, Turns } from '../../../runtime/turns.js';
import type { TableState, WebStatus } from '../table-view.js';
import { EventClient, type EventSource } from './event-client.js';
import { issuesReader, plotOf, trendsOf } from './messages.js';
import type { Page } from './page-file.js';
import { refusalOf } from './request-check.js';
import { isLoopback, type WebAddress, webUrl } from './web-address.js';

export interface WebServerOptions {
  readonly address: WebAddress;
  readonly page: Page;
  readonly state: () => TableState;
  readonly clock: Clock;
}

export interface WebServer extends WebStatus {
  /** Ends all connections. */
  close(): Promise<void>;
}

/** Time between two messages. */
const UPDATE_MILLIS = 250;

/** Of messages that have more to come. */
const NEXT_MILLIS = 10;

/** Of work before other work of the event loop gets its turn. */
const TURN_MILLIS = 10;

/** Of all time, that messages may take: the lines that arrive have the rest. */
const MAX_SHARE = 0.2;

/** Each has at most one unsent message, of some 600,000 characters unless names are longer. */
const MAX_PAGES = 8;

const MAX_CONNECTIONS = 64;

/** A page that has read nothing for this long is disconnected, and so is every other connection without traffic. */
const STALLED_MILLIS = 20_000;

const HEADERS = {
  'Cache-Control': 'no-store',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
};

const ICON =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><path fill="#2a78d6" d="M1 9h3v6H1zm5-4h3v10H6zm5-4h3v14h-3z"/></svg>';

/** Longest plot: what is kept. */
const MAX_PLOT_SECONDS = 86_400;

const MAX_TRENDS = 200;

/** Rejects with the system's error when the address cannot be listened on. */
export async function startWebServer({ address, page, state, clock }: WebServerOptions): Promise<WebServer> {
  const token = isLoopback(address.host) ? undefined : randomBytes(16).toString('base64url');
  const clients = new Set<EventClient>();
  let timer: Timer | undefined;
  let droppedPages = 0;
  let refusedConnections = 0;

  const source: EventSource = { state, issuesOf: issuesReader(), clock, run: randomUUID() };
  const turns = new Turns(TURN_MILLIS, clock);

  const tick = (): void => {
    const started = clock.now();
    for (const client of clients) {
      if (client.blockedMillis(started) < STALLED_MILLIS) continue;
      droppedPages += 1;
      clients.delete(client);
      client.close();
    }
    let hasMore = false;
    for (const client of [...clients]) {
      hasMore ||= clock.now() - started >= TURN_MILLIS;
      if (clock.now() - started >= TURN_MILLIS) break;
      client.update();
      hasMore ||= client.hasMore;
      // The others come first next time.
      if (clients.delete(client)) clients.add(client);
    }
    const delay = Math.max(hasMore ? NEXT_MILLIS : UPDATE_MILLIS, (clock.now() - started) / MAX_SHARE);
    timer = clients.size === 0 ? undefined : clock.after(delay, tick);
  };

  const openStream = (response: ServerResponse): void => {
    if (clients.size >= MAX_PAGES) {
      return answer(response, 503, `${MAX_PAGES} pages are open already: close one.`);
    }
    // Without changes there are no messages.
    response.socket?.setTimeout(0);
    response.writeHead(200, { ...HEADERS, 'Content-Type': 'text/event-stream' });
    const client = new EventClient(response, source);
    clients.add(client);
    response.on('close', () => clients.delete(client));
    timer ??= clock.after(UPDATE_MILLIS, tick);
  };

  /** The points of a day take milliseconds to read, and every connection may ask for them at once. */
  const answerInTurn = (response: ServerResponse, read: () => unknown): void => {
    const run = (): void => {
      if (!response.destroyed) answerJson(response, read());
    };
    turns.add(response, singleStep(run));
  };

  const respond = (request: IncomingMessage, response: ServerResponse): void => {
    // Sent before the last one was answered, as no browser does: a thousand requests fit into one read.
    if (response.socket === null) return void request.socket.destroy();
    const url = urlOf(request);
    if (url === undefined) return answer(response, 400, 'The address cannot be read.');
    const refusal = refusalOf({ method: request.method, headers: request.headers, url }, token);
    if (refusal !== undefined) return answer(response, refusal.status, refusal.text);
    switch (url.pathname) {
      case '/':
        response.setHeader('Content-Security-Policy', page.policy);
        return answer(response, 200, page.html, 'text/html; charset=utf-8');
      case '/icon.svg':
        return answer(response, 200, ICON, 'image/svg+xml');
      case '/events':
        return openStream(response);
      case '/plot':
        return answerInTurn(response, () => plotOf(state(), numberIn(url, 'id'), plotSeconds(url)));
      case '/trends':
        return answerInTurn(response, () => trendsOf(state(), idsIn(url)));
      default:
        return answer(response, 404, 'There is nothing here. The page is at /.');
    }
  };

  const timeouts = { headersTimeout: 10_000, requestTimeout: 10_000, connectionsCheckingInterval: 5_000 };
  const server = createServer(timeouts, respond);
  server.timeout = STALLED_MILLIS;
  server.maxConnections = MAX_CONNECTIONS;
  server.on('drop', () => {
    refusedConnections += 1;
  });
  server.listen(address.port, address.host);
  await once(server, 'listening');
  // An error of one accept does not end the server.
  server.on('error', () => {});
  return {
    url: webUrl({ ...address, port: portOf(server) }, token),
    get droppedPages() {
      return droppedPages;
    },
    get refusedConnections() {
      return refusedConnections;
    },
    async close() {
      timer?.cancel();
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function answer(
  response: ServerResponse,
  status: number,
  text: string,
  type = 'text/plain; charset=utf-8',
): void {
  response.writeHead(status, {
    ...HEADERS,
    'Content-Type': type,
    ...(status === 405 ? { Allow: 'GET' } : {}),
  });
  response.end(text);
}

function answerJson(response: ServerResponse, value: unknown): void {
  if (value === undefined) return answer(response, 404, 'There is no such series.');
  answer(response, 200, JSON.stringify(value), 'application/json');
}

function urlOf({ url }: IncomingMessage): URL | undefined {
  try {
    // Only the path and what follows it are used.
    return new URL(url ?? '', 'http://localhost');
  } catch {
    return undefined;
  }
}

function numberIn(url: URL, name: string): number {
  return Number(url.searchParams.get(name) ?? Number.NaN);
}

function plotSeconds(url: URL): number {
  const seconds = numberIn(url, 'seconds');
  return seconds > 0 ? Math.min(seconds, MAX_PLOT_SECONDS) : MAX_PLOT_SECONDS;
}

function idsIn(url: URL): number[] {
  return (url.searchParams.get('ids') ?? '').split(',').filter(Boolean).slice(0, MAX_TRENDS).map(Number);
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
}
