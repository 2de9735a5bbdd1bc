// The text of a run, as expected.txt has it.

/** Stand in expected.txt for what differs from run to run. */
const PLACEHOLDERS = {
  '<millis>': String.raw`\d+(?:\.\d+)?`,
  '<time>': String.raw`\d{10}`,
  '<port>': String.raw`\d+`,
};

export function reportText({ lines, printed }) {
  const parts = [];
  if (lines.length > 0) parts.push(`${lines.join('\n')}\n`);
  if (printed !== '') parts.push(`printed by the example:\n${printed}`);
  return parts.join('\n');
}

/** The text with placeholders for what differs from run to run, wherever the expected text has them. */
export function withPlaceholders(text, expected) {
  const expectedLines = expected.split('\n');
  return text
    .split('\n')
    .map((line, index) => {
      const pattern = expectedLines[index] ?? '';
      return lineExpression(pattern).test(line) ? pattern : line;
    })
    .join('\n');
}

function lineExpression(pattern) {
  const parts = pattern.split(/(<[a-z]+>)/).map((part) => PLACEHOLDERS[part] ?? literal(part));
  return new RegExp(`^${parts.join('')}$`);
}

function literal(text) {
  return text.replace(/[\\^$.*|?+()[\]{}]/g, '\\$&');
}
