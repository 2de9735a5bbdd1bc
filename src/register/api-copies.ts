// Copies of @opentelemetry/api in one process meet in a global object: the first one to register anything puts its
// version there. Every other version is refused registrations (even a patch version apart), and a copy of a newer
// minor version does not see what is registered. Source: src/internal/global-utils.ts and semver.ts of the API.

import { dirname, extname, join } from 'node:path';
import { createNoopMeter, DiagConsoleLogger, DiagLogLevel, diag, metrics } from '@opentelemetry/api';
import { PEER_RANGES, satisfies } from '../runtime/requirements.js';
import type { FoundModule } from './find-module.js';

const KEY = Symbol.for('opentelemetry.js.api.1');

/** What Deno registers for itself when OTEL_DENO is true: later than any release. */
const DENO_VERSION = '1.999.999';

interface Registered {
  readonly version: string;
  readonly diag?: unknown;
}

export function registeredApi(): Registered | undefined {
  const registered: unknown = Reflect.get(globalThis, KEY);
  const isRegistered = typeof registered === 'object' && registered !== null && 'version' in registered;
  return isRegistered ? (registered as Registered) : undefined;
}

/** In words why nothing can be registered with the copy that this module uses; undefined when it can. */
export function registrationConflict(): string | undefined {
  const registered = registeredApi()?.version;
  const own = ownVersion();
  if (registered === undefined || own === undefined || registered === own) return undefined;
  if (registered === DENO_VERSION) {
    return "Deno's own OpenTelemetry is on, and takes what is recorded; remove the variable OTEL_DENO";
  }
  const isUsable = satisfies(registered, PEER_RANGES['@opentelemetry/api']!);
  const sameVersion = isUsable
    ? `Install the same version: npm install @opentelemetry/api@${registered}. Or`
    : 'Update it, or';
  return (
    `@opentelemetry/api ${registered} was registered first, by an agent, the host runtime or another package, and it ` +
    `refuses ${own}, which opentelemetry-exporter-statsd uses. ${sameVersion} load ` +
    'opentelemetry-exporter-statsd/register before the other'
  );
}

/** In words why the instruments of the app record nothing; undefined when they work. */
export function newerApiOfApp(appApi: FoundModule | undefined): string | undefined {
  const registered = registeredApi()?.version;
  if (registered === undefined || appApi === undefined) return undefined;
  const version = versionOf(appApi);
  if (version === undefined || sees(version, registered)) return undefined;
  return (
    `the app has @opentelemetry/api ${version} (${packageFolder(appApi.file)}), and ` +
    `opentelemetry-exporter-statsd uses ${registered}: what the app records with its copy is lost. Let both have the ` +
    `same copy: npm install @opentelemetry/api@${version} && npm dedupe`
  );
}

/**
 * The version that this module's copy of the API registers with. The API does not export it, and in a bundled app no
 * file tells it, so it registers something while the global object is set aside.
 */
function ownVersion(): string | undefined {
  const registered: unknown = Reflect.get(globalThis, KEY);
  try {
    Reflect.deleteProperty(globalThis, KEY);
    diag.setLogger(new DiagConsoleLogger(), DiagLogLevel.NONE);
    return registeredApi()?.version;
  } finally {
    if (registered === undefined) Reflect.deleteProperty(globalThis, KEY);
    else Reflect.set(globalThis, KEY, registered);
  }
}

/** The API cannot be asked; without a provider every meter is the shared no-op meter. */
export function hasGlobalMeterProvider(): boolean {
  return metrics.getMeterProvider().getMeter('opentelemetry-exporter-statsd/register') !== createNoopMeter();
}

/** The API is built into `build/src` up to version 1.9, into `dist` since 1.10. */
function packageFolder(file: string): string {
  return file.replace(/[/\\](?:build|dist)[/\\].*/, '');
}

function versionOf(api: FoundModule): string | undefined {
  try {
    const module = api.find(join(dirname(api.file), `version${extname(api.file)}`))?.load() as
      | { VERSION?: unknown }
      | undefined;
    return typeof module?.VERSION === 'string' ? module.VERSION : undefined;
  } catch {
    return undefined;
  }
}

/** The compatibility rule of the API: same major version, and a minor version that is not newer than the registered. */
function sees(version: string, registered: string): boolean {
  const [major, minor] = version.split('.').map(Number);
  const [registeredMajor, registeredMinor] = registered.split('.').map(Number);
  return major === registeredMajor && Number(minor) <= Number(registeredMinor);
}
