/**
 * The shortest exact positional decimal of a finite number. No exponent (netdata's counters stop at the
 * `e`, statsd reads `@1e-7` as rate 1), no `+` and no `-0` (relative gauges), no `.5` or `5.` (Vector and
 * VictoriaMetrics reject them).
 */
export function formatNumber(value: number): string {
  // String(-0) is "0" already; an exponent appears below 1e-6 and from 1e21 on.
  const text = String(value);
  const exponentAt = text.indexOf('e');
  return exponentAt < 0 ? text : expandExponent(text, exponentAt);
}

function expandExponent(text: string, exponentAt: number): string {
  const sign = text.startsWith('-') ? '-' : '';
  const [whole, fraction = ''] = text.slice(sign.length, exponentAt).split('.') as [string, string?];
  const digits = whole + fraction;
  const pointAt = whole.length + Number(text.slice(exponentAt + 1));
  if (pointAt <= 0) return `${sign}0.${'0'.repeat(-pointAt)}${digits}`;
  return sign + digits.padEnd(pointAt, '0');
}
