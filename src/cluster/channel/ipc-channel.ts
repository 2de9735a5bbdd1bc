// The IPC channel between a process and the one that forked it, which the app may use as well: neither its messages
// nor its hold on the event loop are touched.

import type { Channel, ChannelEvents, OpenChannel } from './channel.js';

/** The part of `process` in use. */
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
    holdBack(host, true);
    host.off('message', onMessage);
    host.off('disconnect', onDisconnect);
  };
  host.on('message', onMessage);
  host.on('disconnect', onDisconnect);
  holdBack(host, false);
  queueMicrotask(() => {
    if (isOpen) events.onOpen();
  });
  return {
    send(message, written) {
      try {
        // Without a callback a closed channel would be an 'error' event of the app's own process object.
        host.send?.(message, undefined, {}, () => written());
      } catch {
        written();
      }
    },
    close,
  };
}

/** The two events of which each listener makes Node keep the process alive. */
const OUR_LISTENERS = 2;

/**
 * Every listener of these events makes Node count one more reason to live (lib/internal/child_process.js, Control).
 * `channel.unref()` would set that aside for the app's listeners too, and for ever; so only ours are counted off.
 */
function holdBack({ channel }: IpcProcess, again: boolean): void {
  const control = channel as { refCounted?(): void; unrefCounted?(): void } | null | undefined;
  for (let count = 0; count < OUR_LISTENERS; count += 1) {
    if (again) control?.refCounted?.();
    else control?.unrefCounted?.();
  }
}

/** Nobody forked this process, or whoever did has let go of it. */
function closedChannel(events: ChannelEvents): Channel {
  queueMicrotask(() => events.onClose(true));
  return { send: (_message, written) => written(), close: () => {} };
}
