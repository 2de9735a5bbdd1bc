// What the examples in docstrings use and do not make.

import type * as vitest from 'vitest';
import type * as exporterModule from '../../../src/index.js';
import type * as testingModule from '../../../src/testing.js';

declare global {
  const StatsdExporter: typeof exporterModule.StatsdExporter;
  const InMemorySink: typeof testingModule.InMemorySink;
  const StatsdTestServer: typeof testingModule.StatsdTestServer;
  const server: testingModule.StatsdTestServer;
  const expect: typeof vitest.expect;
}
