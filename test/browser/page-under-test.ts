// The command as a process, and its page in a browser.
import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { onTestFinished } from 'vitest';

const program = fileURLToPath(new URL('../../dist/esm/cli.js', import.meta.url));

export interface Command {
  readonly url: string;
  readonly port: number;
  readonly webPort: number;
  /** All lines in as few datagrams as possible. */
  send(...lines: string[]): Promise<void>;
  /** Like Ctrl-C; resolves when the process is gone. */
  end(): Promise<void>;
}

/** `listen --web` for lines of dogstatsd, on free ports unless some are named. */
export async function startCommand({ port = 0, webPort = 0 } = {}): Promise<Command> {
  const args = ['listen', `udp://127.0.0.1:${port}`, '--dialect', 'dogstatsd', '--web', String(webPort)];
  const child = spawn(process.execPath, [program, ...args], { env: {} });
  const closed = once(child, 'close');
  const end = async (): Promise<void> => {
    child.kill('SIGINT');
    await closed;
  };
  onTestFinished(end);
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (data) => {
      text += data;
    });
  }
  for (;;) {
    const found = /udp:\/\/127\.0\.0\.1:(\d+).*Live page: (http:\/\/127\.0\.0\.1:(\d+)\/)/s.exec(text);
    if (found !== null) {
      const [, udpPort, url = '', httpPort] = found;
      return { url, port: Number(udpPort), webPort: Number(httpPort), send: sender(Number(udpPort)), end };
    }
    const isOver = await Promise.race([
      once(child.stdout, 'data').then(() => false),
      closed.then(() => true),
    ]);
    if (isOver) throw new Error(`it ended: ${text}`);
  }
}

const DATAGRAM_BYTES = 8_192;

function sender(port: number): Command['send'] {
  return async (...lines) => {
    const socket = createSocket('udp4');
    const send = (text: string): Promise<unknown> =>
      new Promise((resolve) => socket.send(text, port, '127.0.0.1', resolve));
    let datagram = '';
    for (const line of lines) {
      if (datagram.length + line.length > DATAGRAM_BYTES) {
        await send(datagram);
        datagram = '';
      }
      datagram += `${line}\n`;
    }
    await send(datagram);
    socket.close();
  };
}

export interface OpenPage {
  readonly page: Page;
  /** Errors of scripts, violations of the policy, dialogs and requests to other servers; none, if all is well. */
  readonly faults: string[];
}

export async function openPage(
  browser: Browser,
  url: string,
  { width = 1_280, height = 800, colorScheme = 'light' as 'light' | 'dark' } = {},
): Promise<OpenPage> {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme });
  onTestFinished(() => context.close());
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(`error: ${error.message}`));
  page.on('console', (message) => {
    // The browser reports each attempt to reach a server that has ended.
    const isExpected = /ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED|ERR_CONNECTION_RESET/.test(
      message.text(),
    );
    if (message.type() === 'error' && !isExpected) faults.push(`console: ${message.text()}`);
  });
  page.on('dialog', (dialog) => {
    faults.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    if (new URL(request.url()).origin !== new URL(url).origin) faults.push(`request: ${request.url()}`);
  });
  await page.addInitScript({
    content: `document.addEventListener('securitypolicyviolation', (event) => {
      console.error('policy: ' + event.violatedDirective + ' ' + event.blockedURI);
    });`,
  });
  await page.goto(url);
  return { page, faults };
}
