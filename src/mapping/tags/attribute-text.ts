/**
 * The text of an attribute value for protocols that know only strings, by the OpenTelemetry
 * specification "AnyValue representation for non-OTLP protocols". The SDK hands over whatever the app
 * passed in, so any JavaScript value may arrive; an empty text means "no tag".
 */
export function attributeText(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
    case 'boolean':
    case 'bigint':
      return String(value);
    case 'object':
      return objectText(value);
    default:
      return '';
  }
}

function objectText(value: object | null): string {
  try {
    if (value instanceof Uint8Array) return base64(value);
    const text = JSON.stringify(value, nonFiniteAsText) ?? '';
    // Of null, and of an invalid Date, which has no value.
    if (text === 'null') return '';
    // A Date and the like serialise to a JSON string; the quotes would only get in the way.
    return text.startsWith('"') ? String(JSON.parse(text)) : text;
  } catch {
    // A cycle, a bigint inside, a toJSON that throws: the value has no text.
    return '';
  }
}

function nonFiniteAsText(_key: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
}

function base64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}
