// A vitest reporter: gathers what the tests say of each server, and rewrites docs/interop.md from it. A server with a
// failed test keeps its old row.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Reporter, TestCase, TestModule } from 'vitest/node';
import type { Protocol } from '../harness/server.js';
import { type InteropName, servers } from '../servers/index.js';
import { pageOf } from './page.js';
import { readResults, type ServerResult, writeResults } from './results.js';

const PAGE = fileURLToPath(new URL('../../../docs/interop.md', import.meta.url));

/** What a test that is a cell of the table leaves in its `meta.interop`. */
export interface InteropMeta {
  readonly server: InteropName;
  readonly protocol: Protocol;
  readonly feature: string;
  readonly cell: string;
}

export class InteropReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const results = { ...readResults() };
    for (const module of modules) {
      const tests = [...module.children.allTests()];
      const result = module.ok() ? resultOf(tests) : undefined;
      if (result !== undefined) results[result.server] = result.result;
    }
    writeResults(results);
    writeFileSync(PAGE, pageOf(results));
  }
}

function resultOf(tests: readonly TestCase[]): { server: InteropName; result: ServerResult } | undefined {
  const cells: Record<string, Partial<Record<Protocol, string>>> = {};
  let server: InteropName | undefined;
  for (const test of tests) {
    const { interop } = test.meta() as { interop?: InteropMeta };
    if (interop === undefined) continue;
    server = interop.server;
    cells[interop.feature] = { ...cells[interop.feature], [interop.protocol]: interop.cell };
  }
  if (server === undefined) return undefined;
  const version = servers[server].version();
  return version === undefined ? undefined : { server, result: { version, cells } };
}
