import { describe, expect, test } from 'vitest';
import { type ContainerFiles, containerId } from '../../../src/exporter/origin/container-id.js';

const ID = '3726184226f5d3147c25fdeab5b60097e378e8a720503a5e19ecfdf29f869860';
const HOST_NAMESPACE = 0xeffffffb;

interface Files {
  readonly cgroup?: string;
  readonly mounts?: string;
  readonly mountinfo?: string;
  readonly inodes?: Readonly<Record<string, number>>;
}

function files({ cgroup, mounts, mountinfo, inodes = {} }: Files): ContainerFiles {
  const texts: Readonly<Record<string, string | undefined>> = {
    '/proc/self/cgroup': cgroup,
    '/proc/mounts': mounts,
    '/proc/self/mountinfo': mountinfo,
  };
  const found = <T>(value: T | undefined): T => {
    if (value === undefined) throw new Error('ENOENT');
    return value;
  };
  return { read: (path) => found(texts[path]), inode: (path) => found(inodes[path]) };
}

const V1 = 'cgroup /sys/fs/cgroup/memory cgroup rw,memory 0 0\n';
const V2 = 'cgroup2 /sys/fs/cgroup cgroup2 rw,nosuid 0 0\n';

describe('the id of the container', () => {
  test.each([
    ['Docker', `13:name=systemd:/docker/${ID}\n12:pids:/docker/${ID}\n`, ID],
    ['Kubernetes', `11:memory:/kubepods/besteffort/pod3d274242-8ee0-11e9-a8a6-1e68d864ef1a/${ID}\n`, ID],
    ['systemd', `0::/system.slice/docker-${ID}.scope\n`, ID],
    ['ECS', `9:perf_event:/ecs/haha/${ID}\n`, ID],
    [
      'Fargate',
      '1:name=systemd:/ecs/34dc0b5e626f2c5c4c5170e34b10e765-1234567890\n',
      '34dc0b5e626f2c5c4c5170e34b10e765-1234567890',
    ],
    [
      'Cloud Foundry',
      '1:name=systemd:/garden/34dc0b5e-626f-2c5c-4c51-70e34b10e765\n',
      '34dc0b5e-626f-2c5c-4c51-70e34b10e765',
    ],
    ['another line first', `13:name=systemd:/\n12:pids:/docker/${ID}\n11:memory:/user.slice\n`, ID],
    ['no container', '11:memory:/user.slice\n', undefined],
    ['nothing readable', undefined, undefined],
  ])('is read from cgroups of version 1: %s', (_where, cgroup, id) => {
    expect(containerId(files({ mounts: V1, ...(cgroup !== undefined && { cgroup }) }))).toBe(id);
  });

  test('is read from cgroups of version 2 in the namespace of the host', () => {
    const inodes = { '/proc/self/ns/cgroup': HOST_NAMESPACE, '/sys/fs/cgroup/docker': 7 };
    expect(containerId(files({ mounts: V2, cgroup: `0::/docker/${ID}\n`, inodes }))).toBe(ID);
    expect(containerId(files({ mounts: V2, cgroup: '0::/docker\n', inodes }))).toBeUndefined();
  });

  test('is read from the mount of /etc/hostname, except for the sandbox of a pod', () => {
    const mount = (path: string): string =>
      `608 554 0:42 ${path}/hostname /etc/hostname rw,relatime - ext4 /dev/sda1 rw\n`;
    const mountinfo = mount(`/lib/docker/containers/${ID}`);
    expect(containerId(files({ mounts: V2, cgroup: '0::/\n', mountinfo }))).toBe(ID);
    const garden = '6f265890-5165-7fab-6b52-18d1';
    const mounts = `${mount('/other')}${mount(`/garden/${garden}/etc`)}`;
    expect(containerId(files({ mounts: V2, cgroup: '0::/\n', mountinfo: mounts }))).toBe(garden);
    const sandbox = mount(`/lib/containerd/sandboxes/${ID}`);
    expect(containerId(files({ mounts: V2, cgroup: '0::/\n', mountinfo: sandbox }))).toBeUndefined();
  });

  test('is the inode of the cgroup as a last resort', () => {
    const inodes = { '/sys/fs/cgroup': 42, '/sys/fs/cgroup/app': 43 };
    expect(containerId(files({ mounts: V2, cgroup: '0::/\n', inodes }))).toBe('in-42');
    expect(containerId(files({ mounts: V2, cgroup: '0::/app\n', inodes }))).toBe('in-43');
    expect(containerId(files({ mounts: V2, cgroup: '0::/gone\n', inodes }))).toBeUndefined();
  });

  test('is that inode by the mount of cgroups of version 2, whatever else is mounted', () => {
    const other = 'proc /proc proc rw 0 0\n';
    const inodes = { '/proc/app': 1, '/proc': 2, 'undefined/app': 3, '/sys/fs/cgroup/app': 43, '/cg': 44 };
    const id = (mounts: string, cgroup: string): string | undefined =>
      containerId(files({ mounts, cgroup, inodes }));
    expect([
      id(other + V2, '1:name=systemd:/\n0::/app\n'),
      id(other, '0::/app\n'),
      id(V2, '10::/app\n'),
      id(V2, ''),
      id('cgroup2 /cg/ cgroup2 rw 0 0\n', '0::/\n'),
    ]).toEqual(['in-43', undefined, undefined, undefined, 'in-44']);
  });

  test('of this process can be looked up anywhere without an error', () => {
    expect(containerId() ?? 'in-0').toMatch(/^(?:in-\d+|[0-9a-f_-]+)$/);
  });
});
