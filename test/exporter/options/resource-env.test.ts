import { expect, it } from 'vitest';
import type { Environment } from '../../../src/exporter/options/environment.js';
import { readInstance, resourceAttributes } from '../../../src/exporter/options/resource-env.js';

it.each<[Environment, Record<string, string>]>([
  [{}, {}],
  [{ OTEL_RESOURCE_ATTRIBUTES: ' a = 1 ,b=c=d,,=f,g,h=' }, { a: '1', b: 'c=d', h: '' }],
  [{ OTEL_RESOURCE_ATTRIBUTES: ' =e,a' }, {}],
  [{ OTEL_RESOURCE_ATTRIBUTES: 'a=x%20y,b=%zz' }, { a: 'x y', b: '%zz' }],
  [{ OTEL_SERVICE_NAME: ' shop ' }, { 'service.name': 'shop' }],
  [{ OTEL_SERVICE_NAME: ' ', OTEL_RESOURCE_ATTRIBUTES: 'service.name=shop' }, { 'service.name': 'shop' }],
  [{ OTEL_SERVICE_NAME: 'shop', OTEL_RESOURCE_ATTRIBUTES: 'service.name=a' }, { 'service.name': 'shop' }],
])('the resource of the environment %j is %j', (environment, attributes) => {
  expect(resourceAttributes(environment)).toEqual(attributes);
});

it.each<[Environment, string | undefined]>([
  [{}, undefined],
  [{ NODE_APP_INSTANCE: ' 3 ' }, '3'],
  [{ NODE_APP_INSTANCE: ' ' }, undefined],
  [{ OTEL_RESOURCE_ATTRIBUTES: 'service.instance.id=a' }, 'a'],
  [{ OTEL_RESOURCE_ATTRIBUTES: 'service.instance.id=a', NODE_APP_INSTANCE: '3' }, 'a'],
  [{ OTEL_RESOURCE_ATTRIBUTES: 'service.instance.id=', NODE_APP_INSTANCE: '3' }, '3'],
])('the environment %j calls this process %j', (environment, instance) => {
  expect(readInstance(environment)).toBe(instance);
});
