export interface ExampleRun {
  /** What the receiver got. */
  readonly lines: readonly string[];
  /** What the example wrote to standard output. */
  readonly printed: string;
}

export function runExample(name: string): Promise<ExampleRun>;
