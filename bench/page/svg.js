// Just enough SVG, in the colours of the other pictures of the documentation.

/** Both readable on the card's white and apart for the colour-blind. */
export const COLOURS = {
  ink: '#1f2933',
  faint: '#5f6c7b',
  grid: '#e4e8ec',
  ours: '#0b6bcb',
  others: '#d9480f',
};

export function text(content, x, y, { size, isBold = false, colour = COLOURS.ink, anchor = 'start' }) {
  const escaped = content.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  const weight = isBold ? ' font-weight="600"' : '';
  return `<text x="${round(x)}" y="${round(y)}" font-size="${size}"${weight} fill="${colour}" text-anchor="${anchor}">${escaped}</text>`;
}

export function line(x1, y1, x2, y2, colour, width = 1) {
  return `<line x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}" stroke="${colour}" stroke-width="${width}"/>`;
}

export function curve(points, colour) {
  const path = points.map(([x, y]) => `${round(x)},${round(y)}`).join(' ');
  return `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="2.5" stroke-linejoin="round"/>`;
}

export function dot(x, y, colour) {
  return `<circle cx="${round(x)}" cy="${round(y)}" r="4" fill="${colour}"/>`;
}

export function bar(x, y, width, height, colour) {
  return `<rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${height}" rx="2" fill="${colour}" fill-opacity="0.85"/>`;
}

/** White with a border, whatever the page's own colour: readable on light and dark pages. */
export function card(width, height, parts) {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif">`,
    `<rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="10" fill="#ffffff" stroke="#d5dbe1"/>`,
    ...parts,
    '</svg>',
    '',
  ].join('\n');
}

/** A tenth of a pixel is enough. */
export function round(coordinate) {
  return Math.round(coordinate * 10) / 10;
}
