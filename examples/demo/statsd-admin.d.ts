export function askAdmin(
  address: { host: string; port: number; timeoutMillis: number },
  command: 'counters' | 'gauges' | 'timers',
): Promise<Record<string, number | number[]>>;

export function parseInspected(text: string): Record<string, number | number[]>;
