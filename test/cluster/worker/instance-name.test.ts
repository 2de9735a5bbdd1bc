import { threadId } from 'node:worker_threads';
import { expect, test } from 'vitest';
import {
  instanceName,
  instanceTag,
  type ProcessIdentity,
  workerInstance,
} from '../../../src/cluster/worker/instance-name.js';

const self: ProcessIdentity = { environment: {}, clusterWorkerId: undefined, pid: 42, threadId: 0 };

test.each<[string, string, Partial<ProcessIdentity>]>([
  ['the pid', '42', {}],
  ['the number of the cluster’s worker', '3', { clusterWorkerId: 3 }],
  ['with the thread’s after it', '3-1', { clusterWorkerId: 3, threadId: 1 }],
  [
    'what pm2 says, which a restart keeps',
    '0',
    { clusterWorkerId: 9, environment: { NODE_APP_INSTANCE: '0' } },
  ],
  [
    'first of all the resource’s own',
    'shop 7',
    {
      environment: {
        OTEL_RESOURCE_ATTRIBUTES: 'a=b, service.instance.id=shop%207,c=d',
        NODE_APP_INSTANCE: '0',
      },
    },
  ],
  [
    'that too when it is encoded badly',
    '100%',
    { environment: { OTEL_RESOURCE_ATTRIBUTES: 'service.instance.id=100%' } },
  ],
  [
    'not that of another attribute',
    '42',
    { environment: { OTEL_RESOURCE_ATTRIBUTES: 'x.service.instance.id=7' } },
  ],
])('an instance is %s', (_, name, changes) => {
  expect(instanceName({ ...self, ...changes })).toBe(name);
});

test('instanceTag returns the name of this process as a tag', () => {
  expect([instanceTag(), instanceTag('worker')]).toEqual([
    { instance: workerInstance() },
    { worker: workerInstance() },
  ]);
});

test('the name of this process is made of its environment and its pid', () => {
  const name = instanceName({ ...self, environment: process.env, pid: process.pid, threadId });
  expect(workerInstance()).toBe(name);
});
