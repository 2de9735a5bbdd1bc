// Just enough SVG.

/** Both readable on the card's white and apart for the colour-blind. */
export const COLOURS = {
  ink: '#1f2933',
  faint: '#5f6c7b',
  grid: '#e4e8ec',
  truth: '#aeb8c2',
  ours: '#0b6bcb',
  others: '#d9480f',
};

interface TextStyle {
  readonly size: number;
  readonly bold?: boolean;
  readonly colour?: string;
  readonly anchor?: 'start' | 'middle' | 'end';
}

export function text(
  content: string,
  x: number,
  y: number,
  { size, bold = false, colour = COLOURS.ink, anchor = 'start' }: TextStyle,
): string {
  const escaped = content.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  const weight = bold ? ' font-weight="600"' : '';
  return `<text x="${round(x)}" y="${round(y)}" font-size="${size}"${weight} fill="${colour}" text-anchor="${anchor}">${escaped}</text>`;
}

export function line(x1: number, y1: number, x2: number, y2: number, colour: string, width = 1): string {
  return `<line x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}" stroke="${colour}" stroke-width="${width}"/>`;
}

export function curve(
  points: readonly (readonly [x: number, y: number])[],
  colour: string,
  width: number,
): string {
  const path = points.map(([x, y]) => `${round(x)},${round(y)}`).join(' ');
  return `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="${width}" stroke-linejoin="round"/>`;
}

export function dot(x: number, y: number, radius: number, colour: string): string {
  return `<circle cx="${round(x)}" cy="${round(y)}" r="${radius}" fill="${colour}"/>`;
}

export function box(
  x: number,
  y: number,
  width: number,
  height: number,
  colour: string,
  opacity = 1,
): string {
  return `<rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" fill="${colour}" fill-opacity="${opacity}"/>`;
}

/** White with a border, whatever the page's own colour. */
export function card(width: number, height: number, parts: readonly string[]): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif">`,
    `<rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="10" fill="#ffffff" stroke="#d5dbe1"/>`,
    ...parts,
    '</svg>',
    '',
  ].join('\n');
}

/** A tenth of a pixel is enough, and keeps the file the same wherever it is made. */
export function round(coordinate: number): number {
  return Math.round(coordinate * 10) / 10;
}
