// Hosts with an app each, under traffic.

/** What an app did since its start, by its own record. */
export interface Measured {
  /** Answered, by method and status code: `'GET 200'`. */
  requests: Record<string, number>;
  /** By kind. */
  orders: Record<string, number>;
  /** In the order of arrival. */
  orderValues: number[];
  baskets: number;
  stock: number;
}

export interface Host {
  readonly name: string;
  /** Resolves when every request is answered. Which requests these are depends on the host and on how many it had before. */
  sendTraffic(requests: number): Promise<void>;
  report(): Promise<Measured>;
  /** Has the app export now. */
  flush(): Promise<Measured>;
  /** SIGTERM: the app exports what it measured since its last export. */
  end(): Promise<void>;
  kill(): Promise<void>;
  /** What the app wrote to stdout and stderr: normally nothing. */
  said(): string;
}

/**
 * Starts `host1`, `host2`, …: `examples/many-hosts/app.js`, with `register` loaded in front of it. `environment` is that
 * of one host.
 */
export function startHosts(
  count: number,
  environment: (name: string, index: number) => Record<string, string>,
): Promise<Host[]>;
