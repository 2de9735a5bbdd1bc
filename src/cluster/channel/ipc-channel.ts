// The IPC channel between a process and its parent. The app may use it, too: its messages and its references to the
// event loop stay as they are.

import { queueMicrotask } from '../../runtime/timers.js';
import type { Channel, ChannelEvents, OpenChannel } from './channel.js';

/** The part of `process` that is used. */
export interface IpcProcess {
  readonly connected?: boolean;
  readonly channel?: unknown;
  send?(message: object, handle: undefined, options: object, callback: () => void): boolean;
  on(event: 'message' | 'disconnect', listener: (message: unknown) => void): unknown;
  off(event: 'message' | 'disconnect', listener: (message: unknown) => void): unknown;
}

export function openIpcChannel(host: IpcProcess = process as IpcProcess): OpenChannel {
  return (events) => (host.connected === true ? open(host, events) : closedChannel(events));
}

function open(host: IpcProcess, events: ChannelEvents): Channel {
  let isOpen = true;
  const onMessage = (message: unknown): void => events.onMessage(message);
  const onDisconnect = (): void => {
    close();
    events.onClose(true);
  };
  const close = (): void => {
    if (!isOpen) return;
    isOpen = false;
    refListeners(host);
    host.off('message', onMessage);
    host.off('disconnect', onDisconnect);
  };
  host.on('message', onMessage);
  host.on('disconnect', onDisconnect);
  unrefListeners(host);
  queueMicrotask(() => {
    if (isOpen) events.onOpen();
  });
  return {
    send(message, onWritten) {
      try {
        // Without a callback, a closed channel would emit 'error' on the app's process object.
        host.send?.(message, undefined, {}, () => onWritten());
      } catch {
        onWritten();
      }
    },
    close,
  };
}

/** Our listeners of 'message' and 'disconnect'. */
const LISTENERS = 2;

/**
 * Each listener of these events makes Node add a reference that keeps the process alive (Control in
 * lib/internal/child_process.js). `channel.unref()` would drop those of the app as well, so we drop exactly ours.
 */
function unrefListeners({ channel }: IpcProcess): void {
  for (let count = 0; count < LISTENERS; count += 1) (channel as IpcControl)?.unrefCounted?.();
}

/** Before our listeners are removed: Node then drops their references itself. */
function refListeners({ channel }: IpcProcess): void {
  for (let count = 0; count < LISTENERS; count += 1) (channel as IpcControl)?.refCounted?.();
}

type IpcControl = { refCounted?(): void; unrefCounted?(): void } | null | undefined;

/** This process has no IPC channel, or its parent has disconnected. */
function closedChannel(events: ChannelEvents): Channel {
  queueMicrotask(() => events.onClose(true));
  return { send: (_message, onWritten) => onWritten(), close: () => {} };
}
