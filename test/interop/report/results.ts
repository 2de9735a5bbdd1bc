// What the last run of each server showed: kept as data, so that a run without a server leaves its row as it was.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Protocol } from '../harness/server.js';

export interface ServerResult {
  readonly version: string;
  /** By feature, then protocol. */
  readonly cells: Readonly<Record<string, Readonly<Partial<Record<Protocol, string>>>>>;
}

export type Results = Readonly<Record<string, ServerResult>>;

const FILE = fileURLToPath(new URL('./results.json', import.meta.url));

export function readResults(): Results {
  return JSON.parse(readFileSync(FILE, 'utf8')) as Results;
}

export function writeResults(results: Results): void {
  writeFileSync(FILE, `${JSON.stringify(results, null, 2)}\n`);
}
