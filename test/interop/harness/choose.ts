// Which servers a run leaves out: those that are not installed, and those it was told not to care about.
import { type InteropName, servers } from '../servers/index.js';

/** Throws when a server is missing that has to be there. */
export function serversLeftOut(environment: Readonly<Record<string, string | undefined>>): InteropName[] {
  const all = Object.keys(servers) as InteropName[];
  const only = namesOf(environment['INTEROP_ONLY'], all) ?? all;
  const required = namesOf(environment['INTEROP_REQUIRE'], all) ?? [];
  const missing = only.filter((name) => servers[name].version() === undefined);
  if (missing.length > 0)
    console.log(`not installed, left out: ${missing.join(', ')} (npm run interop:install)`);
  const lacking = required.filter((name) => missing.includes(name));
  if (lacking.length > 0) throw new Error(`required, but not installed: ${lacking.join(', ')}`);
  return all.filter((name) => !only.includes(name) || missing.includes(name));
}

function namesOf(text: string | undefined, all: readonly InteropName[]): InteropName[] | undefined {
  if (text === undefined || text === '') return undefined;
  if (text === 'all') return [...all];
  const names = text.split(',').map((name) => name.trim());
  const unknown = names.filter((name) => !all.includes(name as InteropName));
  if (unknown.length > 0) throw new Error(`no such server: ${unknown.join(', ')}; known: ${all.join(', ')}`);
  return names as InteropName[];
}
