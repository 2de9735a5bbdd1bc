// statsd 0.9.0 with statsd-librato-backend 2.0.16: lib/librato.js parseAndSetTags and sanitizeName. The daemon runs with
// keyNameSanitize false, as the backend's README asks for.

import { seriesOf } from './server.js';
import { StatsdServer } from './statsd.js';

export class LibratoStatsd extends StatsdServer {
  protected override keyOf(name: string): string {
    const [metric = '', ...others] = name.split('#');
    const tags = new Map<string, string>();
    for (const tag of others.at(-1)?.split(',') ?? []) {
      const parts = tag.split('=');
      const [key = '', value = ''] = [parts[0], parts.at(-1)];
      if (key !== '' && value !== '') tags.set(key, value);
    }
    return seriesOf(metric.replace(/[^-.:_\w]+/g, '_').slice(0, 255), tags);
  }
}
