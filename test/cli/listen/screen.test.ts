import { expect, it } from 'vitest';
import { Screen } from '../../../src/cli/listen/screen.js';
import { FakeOutput } from '../fake-io.js';

it('a screen draws each frame that differs with one write, and leaves the window as it was', () => {
  const out = new FakeOutput({ columns: 80, rows: 24 });
  const written = (): string => {
    const { text } = out;
    out.text = '';
    return text;
  };
  const screen = new Screen(out);
  const enter = written();
  const frames = [[], ['a', 'b'], ['a', 'b'], ['c'], []].map((lines) => {
    screen.draw(lines);
    return written();
  });
  screen.invalidate();
  screen.draw(['c']);
  screen.invalidate();
  screen.draw(['c']);
  frames.push(written());
  screen.leave();
  expect([enter, frames, written()]).toEqual([
    '\x1b[?1049h\x1b[?25l',
    [
      '\x1b[?2026h\x1b[H\x1b[J\x1b[?2026l',
      '\x1b[?2026h\x1b[Ha\x1b[K\r\nb\x1b[K\x1b[J\x1b[?2026l',
      '',
      '\x1b[?2026h\x1b[Hc\x1b[K\x1b[J\x1b[?2026l',
      '\x1b[?2026h\x1b[H\x1b[J\x1b[?2026l',
      '\x1b[?2026h\x1b[Hc\x1b[K\x1b[J\x1b[?2026l'.repeat(2),
    ],
    '\x1b[?25h\x1b[?1049l',
  ]);
});
