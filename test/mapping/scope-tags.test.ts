// The name of a metric's instrumentation scope as a tag.
import { describe, expect, it } from 'vitest';
import { dialects } from '../../src/mapping/dialects/index.js';
import type { MappingOptions } from '../../src/mapping/options.js';
import { batchOf, counter, gauge, mapperOf, point } from '../support/mapping.js';

const metric = () => counter([point(1, { attributes: { k: 'v' } }), point(2)], { name: 'm' });

function linesOf(name: 'statsd' | 'dogstatsd', scope: string, options: Partial<MappingOptions>): string[] {
  return [...mapperOf(dialects[name], options)(batchOf([metric()], { scope })).lines];
}

describe('scope tags', () => {
  it('are not sent by default', () => {
    expect(linesOf('dogstatsd', 'shop', {})).toEqual(['m:1|c|#k:v', 'm:2|c']);
  });

  it('are a tag, made legal, or a part of the name where the server has no tags', () => {
    const options = { scopeTags: true };
    expect([
      linesOf('dogstatsd', '@opentelemetry/instrumentation-http', options),
      linesOf('statsd', '@opentelemetry/instrumentation-http', options),
    ]).toEqual([
      [
        'm:1|c|#k:v,otel.scope.name:@opentelemetry/instrumentation-http',
        'm:2|c|#otel.scope.name:@opentelemetry/instrumentation-http',
      ],
      [
        'm.k.v.otel_scope_name._opentelemetry_instrumentation-http:1|c',
        'm.otel_scope_name._opentelemetry_instrumentation-http:2|c',
      ],
    ]);
  });

  it('are no tag where the scope has no name, and yield to a tag of the user', () => {
    expect([
      linesOf('dogstatsd', '', { scopeTags: true }),
      linesOf('dogstatsd', 'shop', { scopeTags: true, tags: { 'otel.scope.name': 'mine' } }),
    ]).toEqual([
      ['m:1|c|#k:v', 'm:2|c'],
      ['m:1|c|#k:v,otel.scope.name:mine', 'm:2|c|#otel.scope.name:mine'],
    ]);
  });

  it('replace an attribute of the same name', () => {
    const metrics = [gauge([point(1, { attributes: { 'otel.scope.name': 'forged' } })])];
    const { lines } = mapperOf(dialects.dogstatsd, { scopeTags: true })(batchOf(metrics, { scope: 'shop' }));
    expect(lines).toEqual(['m:1|g|#otel.scope.name:shop']);
  });

  it('keep gauges of two scopes apart', () => {
    const { resource, scopeMetrics } = batchOf([gauge([point(1)])], { scope: 'a' });
    const both = [...scopeMetrics, ...batchOf([gauge([point(2)])], { scope: 'b' }).scopeMetrics];
    const { lines, warnings } = mapperOf(dialects.dogstatsd, { scopeTags: true })({
      resource,
      scopeMetrics: both,
    });
    expect({ lines, warnings }).toEqual({
      lines: ['m:1|g|#otel.scope.name:a', 'm:2|g|#otel.scope.name:b'],
      warnings: [],
    });
  });
});
