// A terminal window that is redrawn in place: on the alternate screen, so that the shell's lines come back afterwards,
// and with one write per frame, so that nothing flickers.

import type { Output } from '../shared/io.js';

const ENTER = '\x1b[?1049h\x1b[?25l';
const LEAVE = '\x1b[?25h\x1b[?1049l';
const HOME = '\x1b[H';
const CLEAR_TO_LINE_END = '\x1b[K';
const CLEAR_BELOW = '\x1b[J';
/** Terminals with synchronized updates show the frame at once; others ignore it. */
const BEGIN_FRAME = '\x1b[?2026h';
const END_FRAME = '\x1b[?2026l';

export class Screen {
  readonly #out: Output;
  #shown: string | undefined;

  constructor(out: Output) {
    this.#out = out;
    out.write(ENTER);
  }

  /** No more lines than the window has, or it would scroll. */
  draw(lines: readonly string[]): void {
    const text = lines.map((line) => `${line}${CLEAR_TO_LINE_END}`).join('\r\n');
    if (text === this.#shown) return;
    this.#shown = text;
    this.#out.write(`${BEGIN_FRAME}${HOME}${text}${CLEAR_BELOW}${END_FRAME}`);
  }

  /** Draws the next frame even if it is unchanged: after a change of size the terminal has moved or cut the last one. */
  invalidate(): void {
    this.#shown = undefined;
  }

  leave(): void {
    this.#out.write(LEAVE);
  }
}
