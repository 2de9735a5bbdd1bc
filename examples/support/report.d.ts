import type { ExampleRun } from './run-example.js';

export function reportText(run: ExampleRun): string;
export function withPlaceholders(text: string, expected: string): string;
