// Why an endpoint, or the address of the page, cannot be listened on, and what to do about it.

import { lstatSync } from 'node:fs';
import { dirname } from 'node:path';
import { errorCode } from '../../runtime/error-code.js';
import type { Endpoint } from '../../transport/endpoint/endpoint.js';

export function listenFault(endpoint: Endpoint, error: unknown): string {
  const code = errorCode(error);
  const text = 'path' in endpoint ? pathFault(endpoint.path, code) : HOST_FAULTS[code];
  return text ?? messageOf(error);
}

export function webFault(error: unknown): string {
  return WEB_FAULTS[errorCode(error)] ?? messageOf(error);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

const HOST_FAULTS: Readonly<Record<string, string>> = {
  EADDRINUSE:
    'something listens there already, perhaps your StatsD server. Take another port (0 for any) and send to that.',
  EACCES: 'this user may not listen there. Ports below 1024 are often reserved; take a higher one.',
  EADDRNOTAVAIL: 'this machine has no such address. 127.0.0.1 takes local clients, 0.0.0.0 all.',
  ENOTFOUND: 'the host name is unknown.',
};

const WEB_FAULTS: Readonly<Record<string, string>> = {
  ...HOST_FAULTS,
  EADDRINUSE: 'something listens there already. Take another port: --web 0 takes any free one.',
  EADDRNOTAVAIL: 'this machine has no such address. 127.0.0.1 is for this machine alone, 0.0.0.0 for all.',
};

/** The code does not tell: libuv reports a missing folder as EACCES, too (uv_pipe_bind). */
function pathFault(path: string, code: string): string | undefined {
  const folder = dirname(path);
  const folderKind = kindOf(folder);
  if (folderKind === 'nothing') return `the folder ${folder} does not exist.`;
  if (folderKind === 'file') return `${folder} is not a folder.`;
  if (folderKind === 'unknown') return `this user may not look into the folder ${folder}.`;
  switch (kindOf(path)) {
    case 'folder':
      return 'that is a folder.';
    case 'file':
      return code === 'EADDRINUSE'
        ? 'something listens there already, or the file is not a socket. Take another path.'
        : `this user may not use the file (${code}).`;
    default:
      return code === 'EACCES' || code === 'EROFS'
        ? `this user may not make a file in the folder ${folder}.`
        : undefined;
  }
}

function kindOf(path: string): 'nothing' | 'file' | 'folder' | 'unknown' {
  try {
    return lstatSync(path).isDirectory() ? 'folder' : 'file';
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT') return 'nothing';
    return code === 'ENOTDIR' ? 'nothing' : 'unknown';
  }
}
