// What is used of an instrumentation of @opentelemetry/instrumentation. The members with an underscore are not public,
// but part of every instrumentation since the first version.

type Patch = (moduleExports: unknown, moduleVersion?: string) => unknown;

/** A module, or a file of one, that an instrumentation patches. */
export interface PatchDefinition {
  readonly name: string;
  patch?: Patch | undefined;
  readonly files?: readonly PatchDefinition[];
}

export interface Instrumentation {
  readonly instrumentationName: string;
  readonly _modules?: readonly PatchDefinition[];
  disable(): void;
  setMeterProvider?: unknown;
  _updateMetricInstruments?: unknown;
}

/** These record no metrics, but leave the route of a request where the HTTP instrumentation finds it: `http.route`. */
const ROUTE_INSTRUMENTATIONS: ReadonlySet<string> = new Set(
  ['connect', 'express', 'fastify', 'hapi', 'koa', 'restify'].map(
    (framework) => `@opentelemetry/instrumentation-${framework}`,
  ),
);

/**
 * True for those that override what the base class has for metrics: the creation of instruments, or (AWS Lambda, which
 * flushes) the MeterProvider. An instrumentation with another copy of the base class counts as overriding it.
 */
export function servesMetrics(instrumentation: Instrumentation, base: Instrumentation): boolean {
  return (
    ROUTE_INSTRUMENTATIONS.has(instrumentation.instrumentationName) ||
    instrumentation._updateMetricInstruments !== base._updateMetricInstruments ||
    instrumentation.setMeterProvider !== base.setMeterProvider
  );
}
