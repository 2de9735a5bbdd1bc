// The benchmarks are plain JavaScript; here is what the tests use of them.

interface Totals {
  readonly points: number;
  readonly sum: number;
}

interface Table {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly note?: string;
}

export interface Goal {
  readonly what: string;
  readonly figure: string;
  readonly unit: string;
  readonly least?: number;
  readonly most?: number;
}

interface Modules {
  'lib/goals.js': {
    goalTable(
      goals: readonly Goal[],
      results: readonly { readonly figures: Readonly<Record<string, number | null>> }[],
      options: { readonly isComplete: boolean },
    ): Table;
  };
  'lib/table.js': { plainTable(table: Table): string; markdownTable(table: Table): string };
  'lib/totals.js': {
    StatsdTotals: new () => {
      addPiece(bytes: Uint8Array): void;
      addWhole(bytes: Uint8Array): void;
      readonly totals: Totals;
    };
    difference(actual: Totals, expected: Totals): string;
  };
  'lib/interleave.js': { rotated<T>(list: readonly T[], by: number): T[] };
}

export async function load<File extends keyof Modules>(file: File): Promise<Modules[File]> {
  return (await import(String(new URL(`../../bench/${file}`, import.meta.url)))) as Modules[File];
}
