// Colours on terminals, none in pipes.

import { styleText } from 'node:util';
import type { Output } from '../shared/io.js';

export type Format = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';
export type Style = (format: Format, text: string) => string;

export function styleOf({ hasColour }: Output): Style {
  // The output decides, not standard output, which Node.js would ask.
  return (format, text) =>
    hasColour && text !== '' ? styleText(format, text, { validateStream: false }) : text;
}
