import { expect, it } from 'vitest';
import { dialects } from '../../../src/mapping/dialects/index.js';
import { constantTagsOf } from '../../../src/mapping/tags/constant-tags.js';

const { dogstatsd } = dialects;
const resourceTags = { 'service.name': 'service', 'host.name': 'host' };

/** The tags of every line, and the warnings about them. */
function constantTags(
  resource: Readonly<Record<string, unknown>>,
  { scopeTags = {}, tags = {} }: Readonly<Record<string, Readonly<Record<string, string>>>> = {},
) {
  const warnings: string[][] = [];
  const report = { drop() {}, summarise() {}, warn: (...warning: string[]) => void warnings.push(warning) };
  const found = constantTagsOf({ dialect: dogstatsd, resourceTags, tags }, resource, scopeTags, report);
  return { tags: Object.fromEntries(found), warnings };
}

it('the tags of a resource have the names that are configured, and only configured ones are sent', () => {
  expect(constantTags({ 'service.name': 'shop', 'host.name': 'web-1', 'process.pid': 7 })).toEqual({
    tags: { service: 'shop', host: 'web-1' },
    warnings: [],
  });
});

it('tags of the user beat those of the scope, which beat those of the resource', () => {
  const resource = { 'service.name': 'shop', 'host.name': 'web-1' };
  const given = { scopeTags: { host: 'scope', service: 'scope' }, tags: { service: 'mine' } };
  expect(constantTags(resource, given).tags).toEqual({ service: 'mine', host: 'scope' });
});

it.each([
  ['unknown_service', {}],
  ['unknown_service:node', {}],
  ['unknown_services', { service: 'unknown_services' }],
  ['my unknown_service', { service: 'my unknown_service' }],
  [['unknown_service'], { service: '["unknown_service"]' }],
])("the service name %j is sent unless it is the SDK's placeholder: %j", (name, tags) => {
  expect(constantTags({ 'service.name': name })).toEqual({ tags, warnings: [] });
});

it('the placeholder of a service is an ordinary value of another attribute', () => {
  expect(constantTags({ 'host.name': 'unknown_service' }).tags).toEqual({ host: 'unknown_service' });
});

it('tags that are longer than the server reads are shortened, with a warning', () => {
  expect(constantTags({}, { tags: { team: 't'.repeat(300) } })).toEqual({
    tags: { team: 't'.repeat(195) },
    warnings: [
      ['shortened tags', 'configured tags are longer than the server reads whole; they are sent shortened'],
    ],
  });
});
