export interface Installation {
  /** Absolute path of the folder that holds the server. */
  readonly folder: string;
  readonly version: string;
}

/** `STATSD_INTEROP_CACHE`, or `opentelemetry-exporter-statsd` in the user's cache folder. */
export const cacheFolder: string;

/** Undefined when the server has not been installed by `npm run interop:install`. */
export function installed(name: string): Installation | undefined;
