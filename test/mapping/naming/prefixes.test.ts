import { expect, it } from 'vitest';
import { dialects } from '../../../src/mapping/dialects/index.js';
import { type Prefixes, PrefixTemplate } from '../../../src/mapping/naming/prefixes.js';

function filled(
  source: string,
  resource: Record<string, unknown>,
): Prefixes & { readonly warnings: string[] } {
  const warnings: string[] = [];
  const report = {
    drop: () => {},
    summarise: () => {},
    warn: (subject: string, message: string) => warnings.push(`${subject}: ${message}`),
  };
  const prefixes = new PrefixTemplate(source, dialects.statsd.illegal.name).fill(resource, report);
  return { ...prefixes, warnings };
}

it('a prefix takes the place of its attributes from the resource, made legal', () => {
  expect(filled('apps.{service.name}.{host.name|none}', { 'service.name': '/my shop v1.2' })).toEqual({
    counters: 'apps.my_shop_v1_2.none',
    gauges: 'apps.my_shop_v1_2.none',
    timers: 'apps.my_shop_v1_2.none',
    warnings: [],
  });
});

it('a prefix with {type} differs by type, whatever attribute has this name', () => {
  expect(filled('{type}.{service.name}', { 'service.name': 'shop', type: 'x' })).toEqual({
    counters: 'counters.shop',
    gauges: 'gauges.shop',
    timers: 'timers.shop',
    warnings: [],
  });
});

it('a prefix is sent without the segment of an attribute that the resource does not have, and says so once', () => {
  expect(filled('apps.{service.name}', {})).toEqual({
    counters: 'apps',
    gauges: 'apps',
    timers: 'apps',
    warnings: [
      'prefix service.name: the resource has no service.name, so the prefix "apps.{service.name}" is sent without that segment',
    ],
  });
});
