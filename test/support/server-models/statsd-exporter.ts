// statsd_exporter: pkg/line/line.go, pkg/mapper/escape.go, pkg/exporter/exporter.go.

import { cut, LARGEST_DATAGRAM, parseFloat64, Server, seriesOf } from './server.js';

type Kind = 'counter' | 'gauge' | 'observer';

export class StatsdExporterServer extends Server {
  readonly #kinds = new Map<string, Kind>();

  constructor() {
    super(LARGEST_DATAGRAM);
  }

  protected override readLine(line: string): boolean {
    const [head, body] = cut(line, ':');
    if (body === undefined || head === '') return false;
    const labels = new Map<string, string>();
    const name = nameAndLabels(head, labels);
    const hasDogTags = body.includes('|#');
    if (hasDogTags && labels.size > 0) return false;

    const [values = '', type, ...rest] = body.split('|');
    if (type === undefined) return false;
    let samples: string[];
    if (values.includes(':')) {
      if (!['ms', 'h', 'd'].includes(type)) return false;
      samples = values.split(':').map((value) => [value, type, ...rest].join('|'));
    } else {
      samples = hasDogTags ? [body] : body.split(':');
    }
    return samples.map((sample) => this.#readSample(name, sample.split('|'), labels)).every(Boolean);
  }

  #readSample(name: string, parts: readonly string[], labels: Map<string, string>): boolean {
    if (parts.length < 2 || parts.length > 6) return false;
    const [text = '', type = '', ...sections] = parts;
    let value = parseFloat64(text);
    if (value === undefined || sections.includes('')) return false;
    let times = 1;
    for (const section of sections) {
      if (section.startsWith('@')) {
        const rate = parseFloat64(section.slice(1)) || 1;
        if (type === 'c') value /= rate;
        else if (type !== 'g') times = Math.trunc(1 / rate);
      } else if (section.startsWith('#')) {
        for (const tag of section.slice(1).split(',')) addLabel(tag.replace(/^#/, ''), ':', labels);
      } else if (section.startsWith('c:')) {
        labels.set('container_id', section.slice(2));
      } else if (!/^T-?\d+$/.test(section)) {
        return false;
      }
    }
    return this.#record(escapeMetricName(name), labels, type, value, times, /^[+-]/.test(text));
  }

  #record(
    name: string,
    labels: ReadonlyMap<string, string>,
    type: string,
    value: number,
    times: number,
    isRelative: boolean,
  ): boolean {
    const kinds: Record<string, Kind> = {
      c: 'counter',
      g: 'gauge',
      ms: 'observer',
      h: 'observer',
      d: 'observer',
    };
    const kind = kinds[type];
    if (kind === undefined || (kind === 'counter' && value < 0)) return false;
    // client_golang: labels of two underscores are its own, as these two are with summaries and histograms.
    if ([...labels.keys()].some((label) => label.startsWith('__'))) return false;
    if (kind === 'observer' && (labels.has('le') || labels.has('quantile'))) return false;
    if ((this.#kinds.get(name) ?? kind) !== kind) return false;
    this.#kinds.set(name, kind);

    const series = seriesOf(name, labels);
    if (kind === 'counter') this.count(series, value);
    else if (kind === 'observer') this.time(series, type === 'ms' ? value / 1000 : value, times, times);
    else if (isRelative) this.addToGauge(series, value);
    else this.gauges.set(series, value);
    return true;
  }
}

/** SignalFx, then Librato or Influx, whichever begins first. */
function nameAndLabels(head: string, labels: Map<string, string>): string {
  const open = head.indexOf('[');
  const close = head.indexOf(']');
  if (open >= 0 && close >= 0) {
    for (const tag of head.slice(open + 1, close).split(',')) addLabel(tag, '=', labels);
    return head.slice(0, open) + head.slice(close + 1);
  }
  if (open >= 0 || close >= 0) return head;
  const at = head.search(/[#,]/);
  if (at < 0) return head;
  for (const tag of head.slice(at + 1).split(',')) addLabel(tag, '=', labels);
  return head.slice(0, at);
}

function addLabel(tag: string, separator: string, labels: Map<string, string>): void {
  const [key, value] = cut(tag, separator);
  if (key !== '' && value !== undefined && value !== '') labels.set(escapeMetricName(key), value);
}

export function escapeMetricName(name: string): string {
  return name.replace(/^(?=[0-9])/, '_').replace(/-+|[^a-zA-Z0-9_]/gu, '_');
}
